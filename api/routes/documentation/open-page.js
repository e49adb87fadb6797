/* global SwaggerUIBundle */
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#documentation',
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  // No address outside this installation is asked to judge the document.
  validatorUrl: null,
});
