import { Migration } from '@mikro-orm/migrations';

/**
 * What lets indexes alone count: the status of a case beside what was shared of it, what is destroyed beside
 * where it lies, and the cases of an owner. Triggers keep both up; they run at the commit, when the act holds
 * its organization's audit chain, so that of two acts the later one sees what the earlier one did.
 */
export class SharedSearchSpeed extends Migration {
  override up(): void {
    this.addSql(/* sql */ `
      drop index shared_cases_to, shared_cases_from, shared_cases_on, shared_cases_list;
      alter table shared_cases add column status text;
      update shared_cases s set status = c.status from cases c where c.id = s.case_id;
      alter table shared_cases alter column status set not null,
        add check (status in ('open', 'closed'));
      create index shared_cases_to on shared_cases
        (organization_id, partner_organization_id, case_id, shared_at) include (status, source_organization_id);
      create index shared_cases_from on shared_cases
        (organization_id, source_organization_id, case_id, shared_at) include (status, partner_organization_id);
      create index shared_cases_on on shared_cases (organization_id, shared_at, case_id) include (status);
      create index shared_cases_list on shared_cases (organization_id, case_id, shared_at) include (status);

      create function tell_shared_status() returns trigger language plpgsql as $$
      begin
        update shared_cases set status = new.status where case_id = new.id and status <> new.status;
        return null;
      end $$;
      create constraint trigger cases_shared_status after update of status on cases
        deferrable initially deferred for each row when (old.status <> new.status)
        execute function tell_shared_status();
      create function ask_shared_status() returns trigger language plpgsql as $$
      begin
        update shared_cases s set status = c.status
        from cases c where c.id = new.case_id and s.case_id = c.id and s.status <> c.status;
        return null;
      end $$;
      create constraint trigger shared_cases_status after insert on shared_cases
        deferrable initially deferred for each row execute function ask_shared_status();

      alter table case_evidence add column destroyed boolean not null default false;
      update case_evidence set destroyed = true
        where evidence_id in (select id from evidence where state = 'destroyed');
      create index case_evidence_present on case_evidence (case_id, evidence_id) where not destroyed;

      create function tell_destroyed() returns trigger language plpgsql as $$
      begin
        update case_evidence set destroyed = (new.state = 'destroyed') where evidence_id = new.id;
        return null;
      end $$;
      create constraint trigger evidence_destroyed after update of state on evidence
        deferrable initially deferred for each row
        when ((old.state = 'destroyed') <> (new.state = 'destroyed'))
        execute function tell_destroyed();
      create function ask_destroyed() returns trigger language plpgsql as $$
      begin
        update case_evidence set destroyed = true
        where case_id = new.case_id and evidence_id = new.evidence_id
          and exists (select from evidence where id = new.evidence_id and state = 'destroyed');
        return null;
      end $$;
      create constraint trigger case_evidence_destroyed after insert on case_evidence
        deferrable initially deferred for each row execute function ask_destroyed();

      drop index cases_owner;
      create index cases_owner on cases (owner_id, id) include (organization_id, status);
    `);
  }
}
