import { Migration } from '@mikro-orm/migrations';

/** What search needs to find and count what was shared: see `docs/decisions/0008-exact-totals.md`. */
export class SharedSearch extends Migration {
  override up(): void {
    this.addSql(/* sql */ `
      create index shared_evidence_source on shared_evidence
        (source_evidence_id, partner_organization_id, shared_at);
      create index shared_evidence_target on shared_evidence
        (target_evidence_id, source_organization_id, shared_at)
        where target_evidence_id is not null;

      create table shared_cases (
        organization_id uuid not null references organizations,
        case_id uuid not null references cases on delete cascade,
        source_organization_id uuid not null references organizations,
        partner_organization_id uuid not null references organizations,
        shared_at timestamptz(3) not null,
        primary key (case_id, source_organization_id, partner_organization_id, shared_at),
        check (organization_id in (source_organization_id, partner_organization_id))
      );
      create index shared_cases_to on shared_cases
        (organization_id, partner_organization_id, case_id, shared_at);
      create index shared_cases_from on shared_cases
        (organization_id, source_organization_id, case_id, shared_at);
      create index shared_cases_on on shared_cases (organization_id, shared_at, case_id);
      create index shared_cases_list on shared_cases (organization_id, case_id, shared_at);
      insert into shared_cases
        select source_organization_id, source_case_id, source_organization_id, partner_organization_id, shared_at
        from shared_evidence
        union
        select f.partner_organization_id, f.target_case_id, f.source_organization_id,
          f.partner_organization_id, f.shared_at
        from shared_evidence f join cases c on c.id = f.target_case_id;

      create index cases_owner on cases (owner_id);
      create index cases_status on cases (organization_id, status, id);

      create table case_totals (
        organization_id uuid not null references organizations,
        status text not null check (status in ('open', 'closed')),
        total bigint not null,
        primary key (organization_id, status)
      );
      insert into case_totals select organization_id, status, count(*) from cases group by 1, 2;

      create function count_case() returns trigger language plpgsql as $$
      begin
        insert into case_totals as t (organization_id, status, total)
        select organization_id, status, sum(change) from (values
          (new.organization_id, new.status, 1), (old.organization_id, old.status, -1)
        ) as counted (organization_id, status, change)
        where organization_id is not null
        group by organization_id, status having sum(change) <> 0
        order by organization_id, status
        on conflict (organization_id, status) do update set total = t.total + excluded.total;
        return null;
      end $$;
      create constraint trigger cases_count after insert or delete or update of organization_id, status
        on cases deferrable initially deferred for each row execute function count_case();
    `);
  }
}
