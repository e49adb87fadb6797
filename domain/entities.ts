import { Case } from './cases/case.entity.ts';
import { Evidence, Upload } from './evidence/evidence.entity.ts';
import { Organization } from './identity/organization.entity.ts';
import { Partner } from './identity/partner.entity.ts';
import { Group, Role, User } from './identity/user.entity.ts';
import { ApiClient } from './integration/api-client.entity.ts';
import { IncidentReportIntegration } from './integration/integration.entity.ts';
import { Notification } from './notifications/notification.entity.ts';
import { Invite } from './portals/invites/invite.entity.ts';
import { Portal } from './portals/portal.entity.ts';
import { TrustedUser } from './requests/trusted-user.entity.ts';
import { UploadRequest } from './requests/upload-request.entity.ts';
import { Category } from './retention/category.entity.ts';
import { CaseCopy } from './sharing/case-copy/case-copy.entity.ts';
import { CopyDelivery } from './sharing/case-copy/delivery.entity.ts';
import { DownloadLink } from './sharing/download-link/download-link.entity.ts';
import { PartnerAccess } from './sharing/partner-access/partner-access.entity.ts';
import { Share } from './sharing/share.entity.ts';

/** Every entity, for the ORM. */
export const ENTITIES = [
  Organization,
  User,
  Group,
  Role,
  Partner,
  Category,
  Case,
  Evidence,
  Upload,
  Share,
  DownloadLink,
  PartnerAccess,
  CaseCopy,
  CopyDelivery,
  Notification,
  TrustedUser,
  UploadRequest,
  Portal,
  Invite,
  ApiClient,
  IncidentReportIntegration,
];
