/**
 * Names that make a match doubtful: quite another name with the same address, and nearly the same name with another
 * address. Both are worked out over all stored guests and customers, as sets; few questions that are worth asking are
 * better than many.
 */

import type pg from 'pg'
import { type PullFacts, run } from '../named-sql.ts'
import { nicknames } from './nicknames.ts'

/** Who has no number in Tock is known by his address, which is not told. `p` is the guest. */
export const guestInWords = `case when p.patron_id like '@%' then 'A guest' else 'Guest ' || p.patron_id end`

/** A name may be held by so many customers at most. */
const holders = 3
/** Of so many customers, one may have the same name as another by chance. */
const oneByChance = 50

/** Lower case, without accents. Most names are plain, and `translate` is dear. */
const folded = (text: string) => `case when octet_length(${text}) = length(${text}) then lower(${text})
  else translate(lower(normalize(${text})), 'áàâäãåāéèêëēęíìîïīóòôöõøōúùûüūýÿñńçćčšśßžźżłđğř’', 'aaaaaaaeeeeeeiiiiiooooooouuuuuyynncccssszzzldgr''') end`

/** How a word sounds, roughly: without vowels and what is written or not. Ann, Anne; Smith, Smyth. */
const sound = (word: string) => `nullif(translate(${word}, 'aeiouyhw''.-', ''), '')`

/** A short form is the name in full. */
const inFull = (word: string) =>
  `coalesce((select nicknames.long from ${nicknames} where nicknames.short = ${word}), ${word})`

const firstWord = (name: string) => `split_part(${name}, ' ', 1)`
const lastWord = (name: string) => `split_part(${name}, ' ', -1)`

/**
 * Narrows all guests and customers down to the few that are worth a closer look: temporary tables `other_names` (guests
 * whose customer has their address, and neither their first nor their last name) and `rare_names` (customers with nearly
 * one name, which hardly anybody else has). Whole tables are held against each other: wants hash joins.
 */
export async function gatherDoubtfulNames(client: pg.Client, facts: PullFacts): Promise<void> {
  await run(
    client,
    facts,
    `create temp table other_names on commit drop as
    select p.business_group_id, p.patron_id, p.customer_id
    from ecellar.patrons p
    join ecellar.customers c on c.winery_id = p.winery_id and c.customer_id = p.customer_id
    where p.winery_id = :winery
      and p.last_name <> c.last_name
      and p.first_name <> c.first_name
      and p.email_key = c.email_key`,
  )
  await run(
    client,
    facts,
    `create temp table rare_names on commit drop as
    with named as materialized (
      select n.customer_id, n.is_pulled,
        hashtext(${sound('coalesce(nicknames.long, n.first_word)')}) as one, hashtext(${sound('n.last_word')}) as two
      from (
        select c.customer_id, c.created_by = 'tock' as is_pulled,
          ${firstWord(folded('c.first_name'))} as first_word, ${lastWord(folded('c.last_name'))} as last_word
        from ecellar.customers c
        where c.winery_id = :winery and c.first_name is not null and c.last_name is not null and c.same_as is null
      ) n
      left join ${nicknames} on nicknames.short = n.first_word
    ), held as (
      select least(one, two) as low, greatest(one, two) as high, count(*) as holders
      from named
      where one is not null and two is not null
      group by 1, 2
      having count(*) between 2 and ${holders} and bool_or(is_pulled)
    ), words as (
      select word, count(*) as times
      from (select one as word from named union all select two from named) w
      where word in (select low from held union select high from held)
      group by word
    ), rare as (
      select held.low, held.high
      from held
      join words l on l.word = held.low
      join words h on h.word = held.high
      where (l.times - held.holders + 1) * (h.times - held.holders + 1)
        <= greatest(1, (select count(*) from named) / ${oneByChance})
    )
    select rare.low, rare.high, n.customer_id
    from rare
    join named n on least(n.one, n.two) = rare.low and greatest(n.one, n.two) = rare.high`,
  )
  await client.query('analyze other_names, rare_names')
}

/**
 * Guests with the very address of their customer, and no word of their name like one of his. A household shares its last
 * name, a married person keeps the first one; one-word names and names in two scripts say too little.
 */
export const sameAddressOtherName = `insert into current_exceptions (code, subject, brand_id, tock_key, message,
    business_group_id, patron_id, email_key, customer_id)
  with pairs as materialized (
    select p.winery_id, p.business_group_id, p.patron_id, p.email_key, p.diner_brand_id, c.customer_id, c.first_name, c.last_name,
      ${folded(`(p.first_name || ' ' || p.last_name)`)} as guest_name,
      ${folded(`(c.first_name || ' ' || c.last_name)`)} as customer_name
    from other_names n
    join ecellar.patrons p
      on p.winery_id = :winery and p.business_group_id = n.business_group_id and p.patron_id = n.patron_id
    join ecellar.customers c on c.winery_id = :winery and c.customer_id = n.customer_id
  )
  select 'same_address_other_name', p.business_group_id || '/' || p.patron_id || '/' || p.email_key,
    coalesce(p.diner_brand_id, :brand),
    (select min(r.tock_key) from ecellar.reservations r where r.winery_id = p.winery_id and r.guest_patron_id = p.patron_id),
    ${guestInWords} || ' has the e-mail address of customer ' || p.customer_id || ', but quite another name. Are they the same person?',
    p.business_group_id, p.patron_id, p.email_key, p.customer_id
  from pairs p
  where p.guest_name ~ '[a-z]' = (p.customer_name ~ '[a-z]')
    and not exists (
      select
      from regexp_split_to_table(translate(p.guest_name, '''.', ''), '[ -]+') g (word)
      cross join regexp_split_to_table(translate(p.customer_name, '''.', ''), '[ -]+') c (word)
      where starts_with(c.word, left(g.word, 2)) or starts_with(g.word, left(c.word, 2))
        or ${inFull('g.word')} = ${inFull('c.word')}
    )
    -- The customer's name may be that of another guest, of whom the same was asked.
    and not exists (
      select
      from ecellar.exceptions x
      join ecellar.patrons o
        on o.winery_id = x.winery_id and o.business_group_id = x.business_group_id and o.patron_id = x.patron_id
      where x.winery_id = :winery and x.code = 'same_address_other_name' and x.email_key = p.email_key
        and x.decision = 'same person' and (o.first_name, o.last_name) = (p.first_name, p.last_name)
    )`

/**
 * Customers of whom a pull made at least one, with different addresses and a name that is spelled alike, or the other way
 * round, or shortened, and so rare at this winery that two people would hardly share it by chance.
 */
export const similarNames = `insert into current_exceptions (code, subject, brand_id, tock_key, message,
    email_key, customer_id, other_customer_id)
  with pairs as (
    select k.customer_id, k.email_key, o.customer_id as other_customer_id,
      coalesce(o.email_key, o.customer_id::text) as other_key,
      ${inFull(firstWord(folded('k.first_name')))} as first_word, ${lastWord(folded('k.last_name'))} as last_word,
      ${inFull(firstWord(folded('o.first_name')))} as other_first_word, ${lastWord(folded('o.last_name'))} as other_last_word
    from rare_names a
    join rare_names b on b.low = a.low and b.high = a.high
    join ecellar.customers k on k.winery_id = :winery and k.customer_id = a.customer_id
    join ecellar.customers o on o.winery_id = :winery and o.customer_id = b.customer_id
    where k.created_by = 'tock' and k.email_key is not null
      and k.email_key is distinct from o.email_key
      and (o.created_by <> 'tock' and o.customer_id <> k.customer_id or o.customer_id < k.customer_id)
  )
  select 'similar_name', least(p.email_key, p.other_key) || ' ' || greatest(p.email_key, p.other_key),
    coalesce(guest.brand_id, :brand), guest.tock_key,
    'Customer ' || p.other_customer_id || ' and customer ' || p.customer_id
      || ' have different e-mail addresses, and a name that is alike and that hardly anybody else has. Are they the same person?',
    p.email_key, p.customer_id, p.other_customer_id
  from pairs p
  left join lateral (
    select min(g.diner_brand_id) as brand_id, min(r.tock_key) as tock_key
    from ecellar.patrons g
    left join ecellar.reservations r on r.winery_id = g.winery_id and r.guest_patron_id = g.patron_id
    where g.winery_id = :winery and g.customer_id = p.customer_id
  ) guest on true
  where (${alike('first_word', 'other_first_word')} and ${alike('last_word', 'other_last_word')}
      or ${alike('first_word', 'other_last_word')} and ${alike('last_word', 'other_first_word')})
    and not exists (
      select from ecellar.shared_addresses a
      where a.winery_id = :winery and a.is_shared
        and a.email_key in (p.email_key, p.other_key, '@' || split_part(p.email_key, '@', 2), '@' || split_part(p.other_key, '@', 2))
    )
    -- Decided before: also when an address has changed since, or a pull made one of the two anew.
    and not exists (
      select from ecellar.exceptions x
      where x.winery_id = :winery and x.code = 'similar_name' and x.closed_by_person
        and p.other_customer_id in (x.customer_id, x.other_customer_id)
        and (p.customer_id in (x.customer_id, x.other_customer_id) or x.email_key = p.email_key)
    )`

/** Words that sound alike are, when they are long; short ones but for an e or h at the end (Ann and Ian are two). */
function alike(one: string, other: string): string {
  return `(${sound(one)} = ${sound(other)} and left(${one}, 1) = left(${other}, 1)
    and (least(length(${one}), length(${other})) > 4 or rtrim(${one}, 'eh') = rtrim(${other}, 'eh')))`
}
