-- What counting segments reads, in an order that needs neither sorting nor hashing, and without the reservations themselves:
-- a reservation is ten times as wide as what is asked of it.

-- By day and brand; recent and upcoming visits, and what is asked of them.
drop index ecellar.reservations_start;
create index reservations_start on ecellar.reservations (winery_id, brand_id, starts_at)
  include (customer_id, local_start, status, experience_id, last_shown_at, missing_since);

-- A customer's days at each brand: how many visits, the first one ever, never at a brand. The statuses are written as
-- src/segments has them.
create index reservations_customer on ecellar.reservations (winery_id, customer_id, brand_id, (local_start::date))
  include (local_start, starts_at, status, experience_id, last_shown_at, missing_since)
  where customer_id is not null and status not in ('Cancelled', 'Transferred', 'No Show');

-- Who cancelled or did not come, and how often.
create index reservations_fell_through on ecellar.reservations (winery_id, customer_id)
  include (brand_id, local_start, starts_at, status)
  where customer_id is not null and status in ('Cancelled', 'No Show');

-- A brand has one winery: taken for independent, a winery's brand would seem to have next to no reservations.
create statistics ecellar.reservations_of_brands (dependencies, ndistinct) on winery_id, brand_id from ecellar.reservations;
