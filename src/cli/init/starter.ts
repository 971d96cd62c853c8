/** The files of a new project, by their path in it. */
export const starter: Readonly<Record<string, string>> = {
  'topicrule.yaml': `# Configuration of the server; \`topicrule config --schema\` prints its JSON Schema for editors.
rules:
  directory: rules # every file in it is read; a change takes effect at once
mqtt:
  listeners:
    - { host: 127.0.0.1, port: 1883, anonymous: true } # for trying out; see docs/mqtt.md for users and TLS
control:
  port: 8090 # on loopback; health, metrics, rules, tap
kafka:
  # A Kafka inside the server, which keeps nothing. Take this line out to deliver to the brokers that rules name.
  embedded: true
  # PLAINTEXT is no value of AWS: it is for clusters without TLS, such as one on this machine.
  extensions: [PLAINTEXT]
dataDirectory: state
`,
  'rules/temperature_alerts.json': `{
  "ruleName": "temperature_alerts",
  "topicRulePayload": {
    "description": "Tells of thermometers above 30 degrees.",
    "sql": "SELECT temperature, topic(2) AS device, timestamp() AS seen FROM 'sensors/+/temperature' WHERE temperature > 30",
    "awsIotSqlVersion": "2016-03-23",
    "ruleDisabled": false,
    "actions": [
      {
        "kafka": {
          "destinationArn": "arn:aws:iot:eu-central-1:000000000000:ruledestination/vpc/starter",
          "topic": "temperature-alerts",
          "key": "\${topic(2)}",
          "headers": [{ "key": "client", "value": "\${clientid()}" }],
          "clientProperties": {
            "bootstrap.servers": "localhost:9092",
            "security.protocol": "PLAINTEXT",
            "acks": "all"
          }
        }
      }
    ]
  }
}
`,
  'rules/temperature_alerts.test.yaml': `# Run with: topicrule test
defaults:
  topic: sensors/cellar/temperature
  clientId: thermometer-7
  timestamp: 2026-01-01T00:00:00Z
cases:
  - name: a hot thermometer is told of
    payload: { temperature: 31.5 }
    expect:
      output: { temperature: 31.5, device: cellar, seen: 1767225600000 }
      kafka:
        topic: temperature-alerts
        key: cellar
        headers: { client: thermometer-7 }
  - name: a cool one is not
    payload: { temperature: 30 }
    expect: { noMatch: where }
  - name: neither is one that says nothing
    payload: {}
    expect: { noMatch: where }
`,
  'README.md': `# Rules

| file                                 | what it is                                         |
| ------------------------------------ | -------------------------------------------------- |
| \`topicrule.yaml\`                     | configuration of the server                        |
| \`rules/temperature_alerts.json\`      | a rule, as AWS IoT has it                          |
| \`rules/temperature_alerts.test.yaml\` | its test                                           |

\`\`\`sh
topicrule check --config topicrule.yaml rules      # are the rules right?
topicrule test                                     # do they do what their tests say?
topicrule serve --config topicrule.yaml            # run them
\`\`\`

While the server runs, in another terminal:

\`\`\`sh
topicrule simulate --topic 'sensors/room{{device}}/temperature' --payload '{"temperature": {{walk 25 35}}}'
topicrule tap                                      # what becomes of each message
\`\`\`

Why does a message not come through?

\`\`\`sh
topicrule eval --rule rules/temperature_alerts.json --topic sensors/cellar/temperature --payload '{"temprature": 31}' --explain
\`\`\`
`,
  '.gitignore': 'state/\n',
}
