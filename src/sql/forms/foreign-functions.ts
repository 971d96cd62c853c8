const noAggregates = 'there are no aggregates: every message is evaluated by itself'
const conditional = 'use CASE condition WHEN true THEN a ELSE b END'
const orDefault = 'use get_or_default(value, default)'
const now = 'use timestamp(), which gives milliseconds since 1970'
const format = "use parse_time('yyyy-MM-dd', milliseconds)"
const parse = "use time_to_epoch(text, 'yyyy-MM-dd')"
const search = "use indexof(text, 'part') >= 0"
const matches = "use regexp_matches(text, 'pattern')"
const member = "use a path, or get(object, 'key')"

/** Functions of other dialects, in lower case, and what AWS IoT SQL has for them. */
export const foreignFunctions: Readonly<Record<string, string>> = {
  ...{ substr: 'use substring(text, start, end)', mid: 'use substring(text, start, end)' },
  ...{ left: 'use substring(text, 0, count)', right: 'use substring(text, length(text) - count)' },
  ...{ len: 'use length(text)', char_length: 'use length(text)', character_length: 'use length(text)' },
  ...{
    octet_length: 'use numbytes(text)',
    size: 'there is no length of arrays',
    array_length: 'there is no length of arrays',
  },
  ...{ now, current_timestamp: now, getdate: now, sysdate: now, unix_timestamp: now, current_time: now },
  ...{ to_char: format, date_format: format, from_unixtime: format, strftime: format, format_time: format },
  ...{ to_date: parse, to_timestamp: parse, str_to_date: parse, parse_date: parse, date: parse },
  ...{
    datediff: 'subtract the milliseconds that time_to_epoch gives',
    dateadd: 'add to the milliseconds',
    date_add: 'add to the milliseconds',
  },
  ...{ coalesce: orDefault, ifnull: orDefault, nvl: orDefault, isnotnull: 'use NOT isNull(value)' },
  ...{
    nullif: 'use CASE a WHEN b THEN NULL ELSE a END',
    is_null: 'use isNull(value)',
    is_undefined: 'use isUndefined(value)',
  },
  ...{ if: conditional, iff: conditional, iif: conditional },
  ...{
    ucase: 'use upper(text)',
    lcase: 'use lower(text)',
    to_upper: 'use upper(text)',
    to_lower: 'use lower(text)',
  },
  ...{ pow: 'use power(base, exponent)', ceiling: 'use ceil(number)', truncate: 'use trunc(number, places)' },
  ...{
    random: 'use rand()',
    log10: 'use log(number)',
    log2: 'use ln(number) / ln(2)',
    square: 'use power(number, 2)',
  },
  ...{
    uuid: 'use newuuid()',
    guid: 'use newuuid()',
    gen_random_uuid: 'use newuuid()',
    newid: 'use newuuid()',
  },
  ...{
    to_base64: "use encode(value, 'base64')",
    base64: "use encode(value, 'base64')",
    base64_encode: "use encode(value, 'base64')",
  },
  ...{ from_base64: "use decode(text, 'base64')", base64_decode: "use decode(text, 'base64')" },
  ...{ regexp_like: matches, regexp_match: matches, rlike: matches, like: matches, matches },
  ...{ regexp_extract: "use regexp_substr(text, 'pattern')" },
  ...{
    contains: search,
    instr: search,
    strpos: search,
    locate: search,
    charindex: search,
    position: search,
    includes: search,
  },
  ...{ array_contains: 'use value IN array' },
  ...{ starts_with: 'use startswith(text, part)', ends_with: 'use endswith(text, part)' },
  ...{ split: "use regexp_substr(text, 'pattern')", split_part: "use regexp_substr(text, 'pattern')" },
  ...{
    json_extract: member,
    json_value: member,
    get_json_object: member,
    jsonpath: member,
    json_extract_path_text: member,
  },
  ...{
    convert: 'use cast(value AS Type)',
    to_number: 'use cast(value AS Decimal)',
    tonumber: 'use cast(value AS Decimal)',
  },
  ...{
    to_int: 'use cast(value AS Int)',
    int: 'use cast(value AS Int)',
    tostring: 'use cast(value AS String)',
    to_string: 'use cast(value AS String)',
  },
  ...{ count: noAggregates, sum: noAggregates, avg: noAggregates, min: noAggregates, max: noAggregates },
  ...{
    first_value: noAggregates,
    last_value: noAggregates,
    lag: noAggregates,
    lead: noAggregates,
    row_number: noAggregates,
  },
  ...{
    greatest: 'use CASE a > b WHEN true THEN a ELSE b END',
    least: 'use CASE a < b WHEN true THEN a ELSE b END',
  },
  ...{
    sha: 'use sha1(text)',
    sha2: 'use sha256(text)',
    client_id: 'use clientid()',
    account_id: 'use accountid()',
  },
}
