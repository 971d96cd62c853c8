/**
 * The one catalogue of stable codes. A released code is never reused for another meaning.
 * `class` says whose fault a failure on the message path is (docs/architecture.md, failure): `message` and `rule`
 * failures settle the message at once, `environment` failures withhold the acknowledgement; `define` codes occur
 * only when a document or a configuration is read; `start` codes end the process before it serves.
 */
export interface ErrorSpec {
  readonly class: 'define' | 'start' | 'message' | 'rule' | 'environment' | 'protocol'
  /** What happened, one sentence, for the reference page. */
  readonly summary: string
  /** What to do about it, one sentence. */
  readonly remedy: string
}

export const errorCatalogue = {
  // ---- configuration (config, store, cli)
  CONFIG_UNREADABLE: {
    class: 'start',
    summary: 'The configuration file cannot be read.',
    remedy: 'Name an existing file of at most 1 MiB that the process may read.',
  },
  CONFIG_SYNTAX: {
    class: 'start',
    summary: 'The configuration file is neither YAML nor JSON.',
    remedy: 'Correct the file at the position given.',
  },
  CONFIG_UNKNOWN_KEY: {
    class: 'start',
    summary: 'The configuration has a key that does not exist.',
    remedy: 'Remove or correct the key; docs/reference/configuration.md lists all of them.',
  },
  CONFIG_INVALID: {
    class: 'start',
    summary: 'A configuration value is not of the kind its key takes.',
    remedy: 'Correct the value as the message says.',
  },
  CONFIG_ENVIRONMENT: {
    class: 'start',
    summary: 'An environment variable with the prefix TOPICRULE_ names no key.',
    remedy: 'Separate levels by two underscores, as in TOPICRULE_MQTT__LIMITS__MAX_PACKET_SIZE.',
  },
  CONFIG_ADDRESS_IN_USE: {
    class: 'start',
    summary: 'An address that the configuration names cannot be listened on.',
    remedy: 'Choose a free port, or stop the process that holds it.',
  },
  CONFIG_NO_ACCESS: {
    class: 'start',
    summary: 'No client can connect to a listener.',
    remedy: 'Add mqtt.users, a tls.clientCa, or anonymous: true where the network is trusted.',
  },
  CONFIG_CONTROL_OPEN: {
    class: 'start',
    summary: 'The control API would be open to everyone on an address that other machines reach.',
    remedy:
      'Add control.accessKeys, control.tokens or control.clients; or keep control.host on loopback; or set control.api to false for health and metrics alone.',
  },
  CONFIG_TOKENS_IN_CLEAR: {
    class: 'start',
    summary: 'Bearer tokens would travel unencrypted.',
    remedy: 'Set control.tls, or end TLS in a proxy on this machine and listen on loopback.',
  },
  CONFIG_OVERRIDES_UNAVAILABLE: {
    class: 'start',
    summary:
      'A destination overrides host names, and the library that does it, nss_wrapper, is not installed.',
    remedy: 'Install it (Debian and Ubuntu: the package libnss-wrapper), or remove hostOverrides.',
  },
  CONFIG_FILE_MISSING: {
    class: 'start',
    summary: 'A file or directory that the configuration names cannot be read.',
    remedy: 'Create it, or correct the path.',
  },
  STORE_UNREADABLE: {
    class: 'define',
    summary: 'A rule file cannot be read, is too large, or is neither JSON nor YAML.',
    remedy: 'Correct the file; the rules it defined before stay active until it can be read.',
  },
  RULE_FIELD_DEFERRED: {
    class: 'define',
    summary: 'A field of a template is known only when the template is deployed.',
    remedy: 'Nothing; give parameters defaults to have more of the rule checked, or check the deployed rule.',
  },
  EVAL_LINE_INVALID: {
    class: 'message',
    summary: 'A line of `topicrule eval --lines` is no message.',
    remedy:
      'Write one JSON object a line: {"topic": …, "payload": …}; the other lines are evaluated all the same.',
  },

  // ---- tests of rules (testing)
  TEST_UNREADABLE: {
    class: 'define',
    summary: 'A test file, or a file that it names, cannot be read, or is neither JSON nor YAML.',
    remedy: 'Correct the file at the position given.',
  },
  TEST_KEY_UNKNOWN: {
    class: 'define',
    summary: 'A test file has a key that does not exist.',
    remedy: 'Remove or correct the key; docs/reference/test-files.md lists all of them.',
  },
  TEST_INVALID: {
    class: 'define',
    summary: 'A value in a test file is not of the kind its key takes, or contradicts another one.',
    remedy: 'Correct the value as the message says.',
  },
  TEST_RULE_MISSING: {
    class: 'define',
    summary: 'The rule that a test file is for does not exist.',
    remedy: 'Name the file of the rule with the key rule, or put the test beside it under the same name.',
  },
  // ---- rule documents (rule)
  RULE_DOCUMENT_INVALID: {
    class: 'define',
    summary: 'The document is no rule document in any of the accepted forms.',
    remedy: 'Give a topicRulePayload, {ruleName, topicRulePayload}, or the output of get-topic-rule.',
  },
  RULE_NAME_REQUIRED: {
    class: 'define',
    summary: 'The rule has no name.',
    remedy: 'Add ruleName beside topicRulePayload, or give the name apart from the document.',
  },
  RULE_NAME_INVALID: {
    class: 'define',
    summary: 'The name of the rule is not one that AWS IoT takes.',
    remedy: 'Use 1 to 128 letters, digits and underscores.',
  },
  ENGINE_FAULT: {
    class: 'message',
    summary: 'A rule failed in a way that was not foreseen.',
    remedy: 'Report it with the log line; the message went to the error action, or was counted as lost.',
  },
  RULE_NAME_TAKEN: {
    class: 'define',
    summary: 'Two documents define a rule of the same name.',
    remedy: 'Rename one of them.',
  },
  RULE_FIELD_UNKNOWN: {
    class: 'define',
    summary: 'The document has a field that does not exist.',
    remedy: 'Use the name that the hint suggests, or remove the field.',
  },
  RULE_FIELD_REQUIRED: {
    class: 'define',
    summary: 'The document lacks a field that is required.',
    remedy: 'Add the field.',
  },
  RULE_FIELD_INVALID: {
    class: 'define',
    summary: 'A field of the document has a value that it cannot take.',
    remedy: 'Use a value of the kind that the message names.',
  },
  RULE_EXTENSION_UNKNOWN: {
    class: 'define',
    summary: 'The document has an extension (a key that begins with x-) that this product does not know.',
    remedy: 'Check the spelling; unknown extensions have no effect.',
  },
  RULE_VERSION_OMITTED: {
    class: 'define',
    summary: 'The rule names no SQL version, so the oldest one applies, as on AWS.',
    remedy: 'Set awsIotSqlVersion to 2016-03-23.',
  },
  RULE_TOPIC_FILTER_INVALID: {
    class: 'define',
    summary: 'The topic filter after FROM is not valid.',
    remedy: 'Let # be the last level, and let # and + stand alone in their level.',
  },
  RULE_TOPIC_FILTER_LIMIT: {
    class: 'define',
    summary: 'The topic filter after FROM is longer or deeper than AWS IoT takes.',
    remedy: 'Shorten it if the rule must also run on AWS.',
  },
  RULE_ACTION_NOT_DELIVERABLE: {
    class: 'define',
    summary: 'The rule has an action of a kind that this product does not run.',
    remedy: 'Remove the action, or let the configuration skip such actions.',
  },
  REPUBLISH_FIELD_INVALID: {
    class: 'define',
    summary: 'A field of the republish action has a constant value that no MQTT message can have.',
    remedy: 'Correct the value.',
  },
  REPUBLISH_RESERVED_TOPIC: {
    class: 'define',
    summary: 'The topic of the republish action begins with a single `$`.',
    remedy: 'Write `$$` before the name of a reserved topic, as AWS wants it.',
  },
  REPUBLISH_FIELD_UNDEFINED: {
    class: 'message',
    summary: 'The template of the topic to republish to was Undefined for the message.',
    remedy: 'Give the expression a fallback, or let WHERE select only messages that have the value.',
  },
  REPUBLISH_TOPIC_INVALID: {
    class: 'message',
    summary: 'The rendered topic to republish to is empty, too long, or has a wildcard.',
    remedy: 'Make the template yield a topic without `#` and `+`.',
  },
  REPUBLISH_HEADER_INVALID: {
    class: 'message',
    summary: 'A rendered header of the republish action is not what MQTT takes in its place.',
    remedy: 'Correct the template, or leave the header out.',
  },
  REPUBLISH_HOPS_EXCEEDED: {
    class: 'message',
    summary: 'A message was republished too often in a row: rules republish to each other in a loop.',
    remedy: 'Break the loop, or raise rules.maxRepublishHops where the chain has an end.',
  },
  REPUBLISH_TOO_MANY: {
    class: 'message',
    summary: 'One published message led to too many republished ones.',
    remedy: 'Republish less for one message, or raise rules.maxRepublished.',
  },
  REPUBLISH_WITHHELD: {
    class: 'environment',
    summary: 'A rule that took the republished message could not deliver it.',
    remedy: 'See the failure of that rule; the device sends the message again.',
  },
  DEADLETTER_UNWRITABLE: {
    class: 'environment',
    summary: 'A message that nothing else took could not be written to the dead letters either.',
    remedy:
      'Free disk space, or let the process write to deadLetter.directory; devices send again meanwhile.',
  },
  RULE_PROPERTY_READS_MESSAGE: {
    class: 'define',
    summary: 'A client property has a template that depends on the message.',
    remedy: 'Use a constant: client properties are resolved once for the connection, not for each message.',
  },
  // ---- AWS IoT SQL (sql)
  SQL_FUNCTION_UNAVAILABLE: {
    class: 'define',
    summary: 'The rule calls a function whose service is not configured.',
    remedy: 'Set the configuration key that the message names, or do without the function.',
  },
  SQL_PROTOBUF_DESCRIPTOR: {
    class: 'define',
    summary: 'The descriptor that decode() names cannot be used.',
    remedy: 'Put a FileDescriptorSet with the file and the message type below services.protobuf.directory.',
  },
  SQL_CALL_LIMIT: {
    class: 'define',
    summary: 'The statement calls a function more often than AWS allows.',
    remedy: 'Keep the result in a SET variable.',
  },
  SERVICE_FAILED: {
    class: 'message',
    summary: 'The service behind a function refused the call.',
    remedy: 'See what the service said; get_or_default() lets a rule go on without an answer.',
  },
  SERVICE_ANSWER_INVALID: {
    class: 'rule',
    summary: 'The service behind a function answered with something that is no answer.',
    remedy: 'Let it answer as docs/services.md says, within services.<function>.maxAnswer.',
  },
  SERVICE_UNAVAILABLE: {
    class: 'environment',
    summary: 'The service behind a function cannot be reached, or says that it cannot answer now.',
    remedy: 'Start it, or correct services.<function>.url; devices send again meanwhile.',
  },
  SERVICE_TIMEOUT: {
    class: 'environment',
    summary: 'The service behind a function did not answer in time.',
    remedy: 'Make it faster, or raise services.<function>.timeout.',
  },
  SERVICE_BUSY: {
    class: 'environment',
    summary: 'Too many calls of a service are on their way or wait.',
    remedy: 'Make it faster, or raise services.<function>.concurrency and queue.',
  },
  SERVICE_CALLS_EXCEEDED: {
    class: 'rule',
    summary: 'A rule calls services too often for one message, or with arguments that never settle.',
    remedy: 'Call fewer services, or ask for several values in one call.',
  },
  SQL_FUNCTION_NOT_IN_VERSION: {
    class: 'define',
    summary: 'The function is not part of the language version of the rule.',
    remedy: 'Set awsIotSqlVersion to the version that the message names.',
  },
  SQL_ARGUMENT_COUNT: {
    class: 'define',
    summary: 'A function is called with too few or too many arguments, so the call is always Undefined.',
    remedy: 'Give the arguments that the function reference lists.',
  },
  SQL_ARGUMENT_TYPE: {
    class: 'define',
    summary:
      'A constant argument does not convert to the type that the function needs, so the call is always Undefined.',
    remedy: 'Pass a value of the type that the function reference lists.',
  },
  SQL_REGEX_UNSUPPORTED: {
    class: 'define',
    summary:
      'A regular expression uses a construct that cannot run in linear time, such as a back-reference or lookaround.',
    remedy: 'Rewrite the pattern without the construct that the message names.',
  },
  SQL_REGEX_INVALID: {
    class: 'define',
    summary: 'A constant regular expression is malformed, so the call is always Undefined.',
    remedy: 'Correct the pattern.',
  },
  SQL_TIME_PATTERN_INVALID: {
    class: 'define',
    summary: 'A constant time pattern is malformed, so the call is always Undefined.',
    remedy: 'Use the pattern letters that the function reference lists.',
  },
  SQL_TOO_LONG: {
    class: 'define',
    summary: 'The statement or expression is longer than can be read.',
    remedy: 'Shorten it; AWS bounds a whole rule at 256 KB.',
  },
  SQL_TOO_DEEP: {
    class: 'define',
    summary: 'Brackets, CASE or operators nest too deeply.',
    remedy: 'Split the expression with SET variables.',
  },
  SQL_SYNTAX: {
    class: 'define',
    summary: 'The text is no statement or expression of AWS IoT SQL.',
    remedy: 'Correct the text at the position given.',
  },
  SQL_NOT_SUPPORTED: {
    class: 'define',
    summary: 'The text uses a form of other SQL dialects that AWS IoT SQL does not have.',
    remedy: 'Use the form that the hint names.',
  },
  SQL_NUMBER_RANGE: {
    class: 'define',
    summary: 'A number in the statement is not zero and not from 1E-999 to 9.99E999 in magnitude.',
    remedy: 'Write a number within that range.',
  },
  SQL_UNKNOWN_FUNCTION: {
    class: 'define',
    summary: 'There is no function of this name.',
    remedy: 'Use one of the functions that `topicrule functions` lists.',
  },
  SQL_UNKNOWN_VERSION: {
    class: 'define',
    summary: 'There is no such version of AWS IoT SQL.',
    remedy: 'Use 2016-03-23, 2015-10-08 or beta.',
  },
  SQL_NEEDS_VERSION: {
    class: 'define',
    summary: 'The statement uses something that its language version does not have.',
    remedy: 'Set awsIotSqlVersion to 2016-03-23.',
  },
  SQL_CAST_TYPE: {
    class: 'define',
    summary: 'cast names a type that does not exist.',
    remedy: 'Use String, Int, Decimal or Boolean.',
  },
  SQL_VARIABLE_UNKNOWN: {
    class: 'define',
    summary: 'A variable is used that SET does not assign before.',
    remedy: 'Assign it in SET, before its first use.',
  },
  SQL_VARIABLE_TWICE: {
    class: 'define',
    summary: 'SET assigns a variable twice.',
    remedy: 'Give the second value a name of its own.',
  },
  SQL_VARIABLE_LIMIT: {
    class: 'define',
    summary: 'SET assigns more than 10 variables or a name is longer than 64 characters.',
    remedy: 'Use fewer variables or shorter names.',
  },
  SQL_TAG_UNCLOSED: {
    class: 'define',
    summary: 'A substitution template has a `${` without its `}`.',
    remedy: 'Close the tag.',
  },
  SQL_FROM_MISSING: {
    class: 'define',
    summary: 'The statement has no FROM: only Basic Ingest reaches its rule.',
    remedy: 'Add FROM with a topic filter in single quotes, unless that is meant.',
  },
  SQL_FROM_QUOTES: {
    class: 'define',
    summary: 'The topic filter after FROM is not in single quotes.',
    remedy: 'Put it into single quotes.',
  },
  SQL_QUOTE_DOUBLED: {
    class: 'define',
    summary: 'A doubled quote inside a string is read as one; AWS does not document that.',
    remedy: 'Use the other kind of quotes around the string.',
  },
  SQL_ALIAS_QUOTED: {
    class: 'define',
    summary: 'The name after AS is in quotes; AWS does not document that.',
    remedy: 'Use an object literal for a key that is no plain name.',
  },
  SQL_HYPHEN: {
    class: 'define',
    summary: 'A hyphen without spaces is read as a subtraction.',
    remedy: 'Use get(object, "name-with-hyphen") for such a field, or spaces for a subtraction.',
  },
  SQL_SELECT_IN_WHERE: {
    class: 'define',
    summary: 'WHERE contains a SELECT, which AWS may refuse.',
    remedy: 'Move it to SET if the rule must also run on AWS.',
  },
  SQL_WHERE_CONSTANT: {
    class: 'define',
    summary: 'WHERE does not depend on the message and is not true: the rule never matches.',
    remedy: 'Correct the condition, or disable the rule.',
  },
  SQL_WHERE_NEVER: {
    class: 'define',
    summary: 'WHERE can be true for no message: the rule never matches.',
    remedy: 'Correct the condition that the message names.',
  },
  SQL_ALWAYS_UNDEFINED: {
    class: 'define',
    summary:
      'An operator has an operand of a type that it does not take, so that its value is always Undefined.',
    remedy: 'Convert the operand with cast, or correct the expression.',
  },
  SQL_UNDEFINED_NAME: {
    class: 'define',
    summary: 'A comparison has the word undefined, which is read as the name of a field.',
    remedy: 'Use isUndefined().',
  },
  SQL_UNNAMED_ITEM: {
    class: 'define',
    summary: 'A selected expression has no name; the name AWS gives it is not documented.',
    remedy: 'Name it with AS.',
  },
  SQL_WORK_LIMIT: {
    class: 'message',
    summary: 'Evaluating a statement or template takes more work than `sql.limits.work` allows.',
    remedy: 'Simplify the rule, make its devices send less, or raise the limit.',
  },
  SQL_OUTPUT_TOO_LARGE: {
    class: 'message',
    summary: 'A statement writes more bytes than `sql.limits.outputSize` allows.',
    remedy: 'Select less, or raise the limit.',
  },
  // ---- templates (render)
  TEMPLATE_TOO_LONG: {
    class: 'define',
    summary: 'A substitution template is longer than the product takes.',
    remedy: 'Shorten the template.',
  },
  TEMPLATE_TOO_MANY_TAGS: {
    class: 'define',
    summary: 'A substitution template has more tags than the product takes.',
    remedy: 'Build the text in fewer expressions, for example with concat().',
  },
  // ---- MQTT ingest (ingest)
  MQTT_LISTEN_FAILED: {
    class: 'start',
    summary: 'An MQTT listener could not be opened.',
    remedy: 'Free the port or change host and port of the listener; ports below 1024 need a privilege.',
  },
  MQTT_TLS_INVALID: {
    class: 'start',
    summary: 'The certificate, key or client CA of an MQTT listener could not be used.',
    remedy: 'Give PEM files whose key belongs to the certificate.',
  },
  MQTT_SESSION_LOG_FAILED: {
    class: 'start',
    summary: 'The session log could not be read or written.',
    remedy:
      'Make the session directory writable and free disk space; until then clients with sessions are turned away.',
  },
  MQTT_SESSION_LOG_DAMAGED: {
    class: 'start',
    summary: 'Part of the session log held no valid record and was passed over.',
    remedy: 'Nothing after a crash, which may tear the last record; otherwise check the disk.',
  },
  MQTT_MALFORMED_PACKET: {
    class: 'protocol',
    summary: 'A client sent bytes that do not follow the MQTT packet format.',
    remedy: 'Fix or update the client; the connection was closed.',
  },
  MQTT_PROTOCOL_ERROR: {
    class: 'protocol',
    summary: 'A client sent a packet that MQTT does not allow at that point.',
    remedy: 'Fix or update the client; the connection was closed.',
  },
  MQTT_PACKET_TOO_LARGE: {
    class: 'protocol',
    summary: 'A packet was above the maximum packet size.',
    remedy: 'Send smaller messages or raise mqtt.limits.maxPacketSize.',
  },
  MQTT_RECEIVE_MAXIMUM_EXCEEDED: {
    class: 'protocol',
    summary: 'An MQTT 5 client had more unacknowledged messages under way than the Receive Maximum allows.',
    remedy: 'Make the client obey the Receive Maximum of CONNACK.',
  },
  MQTT_PUBLISH_NOT_AUTHORIZED: {
    class: 'protocol',
    summary: 'A client published to a topic that the access list does not allow it.',
    remedy: 'Add an allow rule to mqtt.acl or change the topic.',
  },
  MQTT_CONNECT_NOT_AUTHORIZED: {
    class: 'protocol',
    summary: 'A client could not be authenticated or may not do what its CONNECT asks for.',
    remedy: 'Check user name, password or certificate, and the access list for the topic of the will.',
  },
  MQTT_CONNECT_REFUSED: {
    class: 'protocol',
    summary: 'A CONNECT was refused.',
    remedy: 'See the reason in the log: protocol version, client identifier or authentication method.',
  },
  MQTT_QUOTA_EXCEEDED: {
    class: 'protocol',
    summary:
      'A client was turned away because a bound on connections, sessions, wills, or bytes that arrive is reached.',
    remedy: 'Raise the bound under mqtt.limits or find the clients that fill it.',
  },
  MQTT_CONNECTION_RATE_EXCEEDED: {
    class: 'protocol',
    summary: 'Connections were refused because they come more often than mqtt.limits allows.',
    remedy:
      'Find the clients that connect again and again, or raise the connectionsPerSecond that they exceed; clients try again by themselves.',
  },
  MQTT_PUBLISH_RATE_EXCEEDED: {
    class: 'protocol',
    summary: 'Clients publish more than mqtt.limits allows; they are read more slowly, nothing is dropped.',
    remedy: 'Make the clients send less, or raise the rate that they exceed.',
  },
  MQTT_UNAVAILABLE: {
    class: 'protocol',
    summary:
      'A client was turned away for now: its session could not be written, or too many clients authenticate.',
    remedy: 'Check the session directory; clients try again by themselves.',
  },
  // ---- access to the control API (access)
  ACCESS_NOT_AUTHENTICATED: {
    class: 'protocol',
    summary: 'A request to the control API has no credentials, or wrong ones.',
    remedy:
      'Check the key, its secret, the clock and the region of the client; docs/access.md says what a signature must be like.',
  },
  ACCESS_THROTTLED: {
    class: 'protocol',
    summary: 'An address sends too many requests to the control API, or too many that fail to authenticate.',
    remedy:
      'Find the client that fails, or raise control.limits; a proxy is one address for all its clients.',
  },
  // ---- HTTP ingest (ingest/http)
  PUBLISH_LISTEN_FAILED: {
    class: 'start',
    summary: 'The listener for publishing by HTTP could not be opened.',
    remedy: 'Free the port or change publish.host and publish.port; ports below 1024 need a privilege.',
  },
  PUBLISH_TLS_INVALID: {
    class: 'start',
    summary: 'The certificate, key or client CA for publishing by HTTP could not be used.',
    remedy: 'Give PEM files whose key belongs to the certificate.',
  },
  PUBLISH_INVALID: {
    class: 'protocol',
    summary: 'An HTTP request to publish was not well-formed, or did not end in time.',
    remedy: 'Correct the request as its answer says; it has the form of the Publish operation of AWS IoT.',
  },
  PUBLISH_TOO_LARGE: {
    class: 'protocol',
    summary: 'The payload of an HTTP request was above the maximum.',
    remedy: 'Send smaller messages or raise publish.limits.maxPayloadSize.',
  },
  PUBLISH_UNSUPPORTED: {
    class: 'protocol',
    summary:
      'An HTTP request asked for retained messages, shadows or subscribers, which this server does not have.',
    remedy: 'Publish without retain; use another service for the rest.',
  },
  PUBLISH_NOT_AUTHENTICATED: {
    class: 'protocol',
    summary: 'The sender of an HTTP request could not be authenticated.',
    remedy: 'Check user name, password or certificate.',
  },
  PUBLISH_NOT_AUTHORIZED: {
    class: 'protocol',
    summary: 'A client published by HTTP to a topic that the access list does not allow it.',
    remedy:
      'Add an allow rule to mqtt.acl or change the topic; rules for client identifiers do not apply to HTTP.',
  },
  PUBLISH_CONNECTION_RATE_EXCEEDED: {
    class: 'protocol',
    summary:
      'Connections for publishing by HTTP were refused because they come more often than publish.limits allows.',
    remedy:
      'Let clients keep their connections, find those that do not, or raise publish.limits.connectionsPerSecond.',
  },
  PUBLISH_THROTTLED: {
    class: 'protocol',
    summary: 'An HTTP request was turned away because a bound on requests, rates or held bytes is reached.',
    remedy:
      'Find out why Kafka is slow, or raise the bounds under publish.limits or heldBytes; clients try again.',
  },
  PUBLISH_UNAVAILABLE: {
    class: 'protocol',
    summary:
      'An HTTP request was turned away for now: the server is stopping, or too many clients authenticate.',
    remedy: 'Nothing; clients try again.',
  },
  PUBLISH_FAULT: {
    class: 'protocol',
    summary: 'An HTTP request failed in a way that was not foreseen.',
    remedy: 'Report it with the log line.',
  },
  // ---- delivery (deliver, engine)
  KAFKA_PROPERTY_UNKNOWN: {
    class: 'define',
    summary: 'A Kafka client property does not exist.',
    remedy: 'Use the name that the hint suggests, or remove the property.',
  },
  KAFKA_PROPERTY_VALUE: {
    class: 'define',
    summary: 'A Kafka client property has a value that it cannot take.',
    remedy: 'Use one of the values that the message names.',
  },
  KAFKA_PROPERTY_REQUIRED: {
    class: 'define',
    summary: 'A Kafka client property is missing that the others need.',
    remedy: 'Add the property, or change the one that needs it.',
  },
  KAFKA_PROPERTY_UNUSED: {
    class: 'define',
    summary: 'A Kafka client property has no effect with the security settings given.',
    remedy: 'Remove it, or choose the security.protocol or sasl.mechanism that uses it.',
  },
  KAFKA_PROPERTY_CONFLICT: {
    class: 'define',
    summary: 'The value of a Kafka client property does not go with the value of another.',
    remedy: 'Change one of the two, as the message says.',
  },
  KAFKA_PROPERTY_UNDEFINED: {
    class: 'rule',
    summary: 'The template of a Kafka client property had no value when the producer was opened.',
    remedy: 'Give the expression a value in every case; it is looked up without a message.',
  },
  KAFKA_PROPERTY_TEMPLATED: {
    class: 'define',
    summary: 'A Kafka client property holds a substitution template where AWS allows none.',
    remedy: 'Write the value itself.',
  },
  KAFKA_EXTENSION_NOT_ALLOWED: {
    class: 'define',
    summary: 'A Kafka client property, or its value, goes beyond AWS, which the operator has not allowed.',
    remedy: 'Use what AWS has, or add the name in the message to kafka.extensions in the configuration.',
  },
  KAFKA_NOT_DELIVERABLE: {
    class: 'define',
    summary: 'The Kafka action asks for something that this release cannot do.',
    remedy: 'Use what the message names instead.',
  },
  KAFKA_STORE_FORMAT: {
    class: 'define',
    summary: 'A truststore or keystore is neither JKS nor PKCS #12 nor PEM.',
    remedy: 'Give base64 of the store file, or PEM text.',
  },
  KAFKA_STORE_TOO_LARGE: {
    class: 'define',
    summary: 'A truststore or keystore is larger than 65 KB.',
    remedy: 'Keep only the certificates that the clusters need.',
  },
  KAFKA_STORE_CORRUPT: {
    class: 'define',
    summary: 'A truststore or keystore is damaged.',
    remedy: 'Encode the original file again; keytool -list must read it.',
  },
  KAFKA_STORE_PASSWORD: {
    class: 'define',
    summary: 'A password does not open the truststore, the keystore or the private key in it.',
    remedy:
      'Correct the property that the message names; ssl.key.password is needed where the key has a password of its own.',
  },
  KAFKA_STORE_ALGORITHM: {
    class: 'define',
    summary:
      'A truststore or keystore is protected by an algorithm that is not supported, or by too much work.',
    remedy: 'Write the store again with keytool or openssl, which choose PBES2 with AES.',
  },
  KAFKA_STORE_FILE: {
    class: 'define',
    summary: 'A truststore or keystore names a file that may not be read or is not there.',
    remedy: 'Put the file below kafka.storeDirectory and name it by file:/// and its path from there.',
  },
  KAFKA_STORE_NO_CERTIFICATE: {
    class: 'define',
    summary: 'A truststore or keystore holds no certificate.',
    remedy: 'Import the certificates of the authorities, or the certificate of the client beside its key.',
  },
  KAFKA_STORE_NO_KEY: {
    class: 'define',
    summary: 'A keystore holds no private key.',
    remedy:
      'Give the store with the private key of the client; a store of certificates belongs in ssl.truststore.',
  },
  KAFKA_STORE_KEY_TYPE: {
    class: 'define',
    summary: 'The private key of a keystore is neither RSA nor EC.',
    remedy: 'Issue the client a certificate for an RSA or EC key.',
  },
  KAFKA_STORE_KEY_MISMATCH: {
    class: 'define',
    summary: 'The private key of a keystore belongs to none of its certificates.',
    remedy: 'Put the certificate that was issued for this key into the store.',
  },
  KAFKA_STORE_EXPIRED: {
    class: 'define',
    summary: 'A certificate in a truststore or keystore has expired or is not valid yet.',
    remedy: 'Renew the certificate; brokers refuse it, or cannot be verified by it.',
  },
  KAFKA_STORE_NO_ROOT: {
    class: 'define',
    summary: 'A truststore holds a certificate without the self-signed root of its chain.',
    remedy: 'Add the root certificate; a broker is trusted only through a whole chain.',
  },
  KAFKA_STORE_SEVERAL_KEYS: {
    class: 'define',
    summary: 'A keystore holds several private keys; the first by alias is used.',
    remedy: 'Keep one private key in the store, so that there is no doubt.',
  },
  KAFKA_ACKS_OMITTED: {
    class: 'define',
    summary: 'The Kafka action leaves out acks, so Kafka confirms a record before its replicas have it.',
    remedy: 'Set acks to "all" to keep every acknowledged message through the loss of a broker.',
  },
  KAFKA_ACKS_WEAK: {
    class: 'define',
    summary: 'With acks 0 nothing confirms a record, so messages can be acknowledged and lost.',
    remedy: 'Set acks to "all".',
  },
  KAFKA_DESTINATION_OMITTED: {
    class: 'define',
    summary: 'The Kafka action has no destinationArn; AWS requires one.',
    remedy: 'Add the ARN of a rule destination if the rule must also run on AWS.',
  },
  KAFKA_DESTINATION_ARN: {
    class: 'define',
    summary: 'The destinationArn of a Kafka action is no ARN of a rule destination; AWS takes nothing else.',
    remedy: 'Use an ARN of the form arn:aws:iot:REGION:ACCOUNT:ruledestination/vpc/NAME, without templates.',
  },
  KAFKA_DESTINATION_UNKNOWN: {
    class: 'rule',
    summary:
      'The destination that the Kafka action names was deleted, or the configuration binds others but not this one.',
    remedy: 'Correct destinationArn, or bind the ARN to a policy under destinations in the configuration.',
  },
  KAFKA_DESTINATION_DISABLED: {
    class: 'rule',
    summary: 'The destination that the Kafka action names is disabled.',
    remedy:
      'Enable it where it was disabled: with UpdateTopicRuleDestination, or under destinations in the configuration.',
  },
  KAFKA_DESTINATION_FORBIDS: {
    class: 'rule',
    summary:
      "The policy of the action's destination does not let a broker be reached: one of bootstrap.servers, or one that the cluster advertises.",
    remedy:
      "Let the destination's hosts, ports and networks name every broker as the cluster advertises it, or correct the advertised listeners.",
  },
  KAFKA_FIELD_INVALID: {
    class: 'define',
    summary:
      'A field of the Kafka action has a constant value that Kafka cannot take, so every message would fail.',
    remedy: 'Correct the value.',
  },
  KAFKA_FIELD_UNDEFINED: {
    class: 'message',
    summary: 'The template of a topic or partition was Undefined for the message.',
    remedy: 'Give the expression a fallback, or let WHERE select only messages that have the value.',
  },
  KAFKA_TOPIC_INVALID: {
    class: 'message',
    summary: 'The rendered topic is empty, too long or has characters that Kafka does not allow.',
    remedy: 'Make the template yield 1 to 249 letters, digits, dots, underscores and hyphens.',
  },
  KAFKA_PARTITION_INVALID: {
    class: 'message',
    summary: 'The rendered partition is no integer from 0.',
    remedy: 'Make the template yield the number of a partition.',
  },
  KAFKA_PARTITION_UNKNOWN: {
    class: 'message',
    summary: 'The topic has no partition of the rendered number.',
    remedy: 'Make the template yield the number of an existing partition, or add partitions to the topic.',
  },
  KAFKA_HEADER_INVALID: {
    class: 'message',
    summary: 'A rendered header is longer than 16,384 characters or contains NUL.',
    remedy: 'Shorten the header; binary headers are not supported.',
  },
  KAFKA_RECORD_TOO_LARGE: {
    class: 'message',
    summary: 'The record is larger than Kafka takes.',
    remedy: 'Send smaller messages, or raise max.message.bytes of the topic.',
  },
  KAFKA_RECORD_REFUSED: {
    class: 'message',
    summary: 'Kafka refused the record for its content.',
    remedy: 'Read the reason in the message; it comes from Kafka.',
  },
  KAFKA_AUTHENTICATION: {
    class: 'rule',
    summary: 'Kafka refused the credentials.',
    remedy: 'Correct user name, password and sasl.mechanism of the action.',
  },
  KAFKA_KEYTAB_INVALID: {
    class: 'define',
    summary: 'The keytab in sasl.kerberos.keytab cannot be read, or has no key for the principal.',
    remedy: 'Give the file that ktadd or ktutil wrote for the principal, in base64 or as SecretBinary.',
  },
  KAFKA_KERBEROS_PRINCIPAL: {
    class: 'rule',
    summary: 'The key distribution center does not know or refuses the Kerberos principal or its realm.',
    remedy: 'Correct sasl.kerberos.principal and sasl.kerberos.krb5.realm, or create the principal.',
  },
  KAFKA_KERBEROS_KEYTAB: {
    class: 'rule',
    summary: 'The keytab has no key for the principal, or one that is not the key of now.',
    remedy: 'Export the keytab of the principal again and store it where sasl.kerberos.keytab points.',
  },
  KAFKA_KERBEROS_KDC: {
    class: 'environment',
    summary: 'No Kerberos ticket can be had because no key distribution center answers.',
    remedy:
      'Check sasl.kerberos.krb5.kdc and that its port (88 unless said) is reachable; delivery goes on by itself.',
  },
  KAFKA_KERBEROS_CLOCK: {
    class: 'environment',
    summary: 'The clocks of this machine and of the key distribution center differ too much.',
    remedy: 'Synchronise both clocks (within five minutes); delivery goes on by itself.',
  },
  KAFKA_TOKEN_ENDPOINT: {
    class: 'environment',
    summary: 'The token endpoint of OAUTHBEARER cannot be reached, or does not answer as one.',
    remedy:
      'Check sasl.oauthbearer.token.endpoint.url, its certificate against sasl.oauthbearer.token.endpoint.truststore, and whether the provider runs.',
  },
  KAFKA_TLS: {
    class: 'rule',
    summary: 'The TLS connection to Kafka could not be made.',
    remedy: 'Check ssl.truststore, the host names in bootstrap.servers and the client certificate.',
  },
  KAFKA_TLS_UNKNOWN_CA: {
    class: 'rule',
    summary: 'The certificate of the broker is not signed by an authority that the rule trusts.',
    remedy: 'Put the root certificate of the authority that signed the broker into ssl.truststore.',
  },
  KAFKA_TLS_HOST_MISMATCH: {
    class: 'rule',
    summary: 'The certificate of the broker is for another host name.',
    remedy:
      'Name the broker in bootstrap.servers as its certificate does, or have the certificate issued for its name.',
  },
  KAFKA_TLS_EXPIRED: {
    class: 'rule',
    summary: 'A certificate of the broker has expired.',
    remedy: 'Renew the certificate of the broker, and check the clock of this machine.',
  },
  KAFKA_TLS_NOT_YET_VALID: {
    class: 'rule',
    summary: 'A certificate of the broker is not valid yet.',
    remedy: 'Check the clocks of the broker and of this machine.',
  },
  KAFKA_TLS_CLIENT_CERTIFICATE: {
    class: 'rule',
    summary: 'The broker wants a client certificate, or refuses the one it was shown.',
    remedy:
      'Give a keystore whose certificate is signed by an authority that the broker trusts, and has not expired.',
  },
  KAFKA_TLS_NEEDED: {
    class: 'rule',
    summary: 'The broker speaks TLS on this port, and the rule connects in plain text.',
    remedy: 'Set security.protocol to SSL or SASL_SSL, or use the port of the plain listener.',
  },
  KAFKA_TLS_NOT_SPOKEN: {
    class: 'rule',
    summary: 'The broker speaks plain text on this port, and the rule connects by TLS.',
    remedy: 'Use the port of a TLS listener.',
  },
  KAFKA_TLS_VERSION: {
    class: 'rule',
    summary: 'The broker and this client have no version of TLS in common.',
    remedy: 'Enable TLS 1.2 or 1.3 in ssl.enabled.protocols of the broker.',
  },
  KAFKA_UNREACHABLE: {
    class: 'environment',
    summary: 'A broker has no address or takes no connection.',
    remedy: 'Check bootstrap.servers, name resolution, firewalls, and whether the broker runs.',
  },
  KAFKA_CONFIGURATION: {
    class: 'rule',
    summary: 'The Kafka client library refused the client properties.',
    remedy: 'Correct the property that the message names.',
  },
  KAFKA_NOT_AUTHORIZED: {
    class: 'rule',
    summary: 'The Kafka user may not write to the topic.',
    remedy: 'Grant WRITE on the topic to the user of the action.',
  },
  KAFKA_TOPIC_UNKNOWN: {
    class: 'rule',
    summary: 'The Kafka topic does not exist.',
    remedy: 'Create the topic, or correct the topic of the action.',
  },
  KAFKA_POOL_FULL: {
    class: 'rule',
    summary: 'There are more distinct Kafka connections than the configuration allows.',
    remedy: 'Raise kafka.pool.maxProducers, or let rules share client properties.',
  },
  KAFKA_DELIVERY_FAILED: {
    class: 'environment',
    summary: 'Kafka did not take the record.',
    remedy: 'Check the Kafka cluster; the message names the reason.',
  },
  KAFKA_DELIVERY_TIMEOUT: {
    class: 'environment',
    summary:
      'Kafka did not confirm the record within kafka.deliveryTimeout, or the delivery.timeout.ms of the rule; it may have it all the same.',
    remedy: 'Check the Kafka cluster, or raise the limit.',
  },
  KAFKA_QUEUE_FULL: {
    class: 'environment',
    summary: 'The queue of the Kafka producer is full.',
    remedy: 'Check the Kafka cluster, or lower the bound of bytes held by the engine.',
  },
  KAFKA_CLOSED: {
    class: 'environment',
    summary: 'The Kafka producer was closed before the record was delivered.',
    remedy: 'Nothing: the device sends the message again.',
  },
  // ---- secrets (secrets)
  SECRET_NOT_FOUND: {
    class: 'rule',
    summary:
      'A secret does not exist, is marked for deletion, or no store of the configuration serves its name.',
    remedy:
      'Create the secret, or correct its id; the prefixes under secrets in the configuration choose the store.',
  },
  SECRET_ACCESS_DENIED: {
    class: 'rule',
    summary: 'A secret may not be read.',
    remedy:
      'Allow secretsmanager:GetSecretValue (and kms:Decrypt for a key of your own) to the role or the server, or let the process read the file.',
  },
  SECRET_ROLE_REFUSED: {
    class: 'rule',
    summary: 'The role that is to read a secret cannot be assumed.',
    remedy:
      "Let the server's identity assume the role: sts:AssumeRole on its side, the trust policy on the role's.",
  },
  SECRET_KEY_MISSING: {
    class: 'rule',
    summary: 'A secret has no such key.',
    remedy: 'Correct the key, or leave it out to have the whole secret.',
  },
  SECRET_TYPE: {
    class: 'rule',
    summary: 'A secret is not of the type that was asked for.',
    remedy: 'Ask for SecretString where it holds text and for SecretBinary where it holds bytes.',
  },
  SECRET_NOT_JSON: {
    class: 'rule',
    summary: 'A key was given for a secret that is no JSON object.',
    remedy: 'Leave the key out, or store the secret as a JSON object.',
  },
  SECRET_TOO_LARGE: {
    class: 'rule',
    summary: 'A secret is larger than any that AWS would hold.',
    remedy: 'Store at most 64 KiB.',
  },
  SECRET_ARGUMENT: {
    class: 'rule',
    summary: 'get_secret was called with arguments that name no secret.',
    remedy: "Call it as get_secret('id', 'SecretString', 'key', 'role ARN'); key and role may be left out.",
  },
  SECRET_THROTTLED: {
    class: 'environment',
    summary: 'Secrets Manager or STS turned a request away because there were too many.',
    remedy:
      'Nothing: it is tried again; a value known before stays in use. Raise secrets.cacheTime if it recurs.',
  },
  SECRET_CREDENTIALS: {
    class: 'environment',
    summary: 'The server has no AWS credentials, or AWS does not take them.',
    remedy:
      'Give the process credentials that the AWS SDK finds: environment, shared files, or the role of the machine.',
  },
  SECRET_UNREACHABLE: {
    class: 'environment',
    summary: 'The store of a secret cannot be reached.',
    remedy: 'Check network, region and endpoint; it is tried again, and a value known before stays in use.',
  },
} as const satisfies Record<string, ErrorSpec>

export type ErrorCode = keyof typeof errorCatalogue

/** One fault or warning in a document, as `check --format json` prints it. Lines and columns count from 1. */
export interface Diagnostic {
  readonly code: ErrorCode
  readonly severity: 'error' | 'warning'
  /** A clear sentence: what, where, and what to do. Never a secret. */
  readonly message: string
  /** Field path inside the document, e.g. `actions[0].kafka.topic`. */
  readonly path?: string
  readonly line?: number
  readonly column?: number
  /** Position inside the SQL statement or template; a column is a UTF-16 code unit. */
  readonly sqlLine?: number
  readonly sqlColumn?: number
  /** Where it ends: the position behind the last character. Absent when it is about a place rather than some text. */
  readonly sqlEndLine?: number
  readonly sqlEndColumn?: number
  readonly hint?: string
}

/** Why a delivery or a rendering failed: a value on the message path, never thrown. */
export interface Failure {
  readonly code: ErrorCode
  readonly class: 'message' | 'rule' | 'environment'
  /** The resource that failed as the error action names it (Kafka topic or bootstrap servers). */
  readonly resource: string
  readonly message: string
  /** What failed, where it is no action of the rule: the name of a function that calls a service. */
  readonly action?: string
}
