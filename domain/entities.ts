import { Case } from './cases/case.entity.ts';
import { Evidence, Upload } from './evidence/evidence.entity.ts';
import { Organization } from './identity/organization.entity.ts';
import { Partner } from './identity/partner.entity.ts';
import { Group, Role, User } from './identity/user.entity.ts';
import { Notification } from './notifications/notification.entity.ts';
import { Category } from './retention/category.entity.ts';
import { DownloadSession, Share, ShareItem } from './sharing/share.entity.ts';

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
  ShareItem,
  DownloadSession,
  Notification,
];
