import { z } from 'zod'
import { DestinationDesk } from './destination-desk.ts'
import { type DestinationBook } from './destination-book.ts'
import { arn, configuration, destination, status } from './destination-schema.ts'
import { readErrors, writeErrors } from './errors.ts'
import { defineOperation, type Operation, type Resource } from './operation.ts'
import { pageSize } from './paging.ts'

const PAGE = 100
const MOST_PAGE = 1_000

/** Rule destinations. Source: https://docs.aws.amazon.com/iot/latest/apireference/API_CreateTopicRuleDestination.html */
export function destinations(book: DestinationBook): Resource {
  const desk = new DestinationDesk(book)
  return {
    name: 'Rule destinations',
    operations: [
      createTopicRuleDestination(desk),
      getTopicRuleDestination(desk),
      listTopicRuleDestinations(desk),
      updateTopicRuleDestination(desk),
      deleteTopicRuleDestination(desk),
      confirmTopicRuleDestination(desk),
    ],
  }
}

function createTopicRuleDestination(desk: DestinationDesk): Operation {
  return defineOperation({
    name: 'CreateTopicRuleDestination',
    summary: 'Creates a destination; what producers may reach through it is for the configuration to say.',
    method: 'POST',
    path: '/destinations',
    permission: 'change',
    input: z.strictObject({ destinationConfiguration: configuration }),
    places: {},
    output: z.object({ topicRuleDestination: destination }),
    errors: [...writeErrors, 'ResourceAlreadyExistsException'],
    handle: (input, call) => desk.create(input.destinationConfiguration, call),
  })
}

function getTopicRuleDestination(desk: DestinationDesk): Operation {
  return defineOperation({
    name: 'GetTopicRuleDestination',
    summary: 'A destination with its status.',
    method: 'GET',
    path: '/destinations/{arn+}',
    permission: 'read',
    input: z.strictObject({ arn }),
    places: { arn: 'path' },
    output: z.object({ topicRuleDestination: destination }),
    errors: readErrors,
    handle: (input, call) => desk.get(input.arn, call),
  })
}

function listTopicRuleDestinations(desk: DestinationDesk): Operation {
  return defineOperation({
    name: 'ListTopicRuleDestinations',
    summary: 'The destinations, by ARN, page by page.',
    method: 'GET',
    path: '/destinations',
    permission: 'read',
    input: z.strictObject({
      maxResults: pageSize(MOST_PAGE, PAGE),
      nextToken: z.string().optional(),
    }),
    places: { maxResults: 'query', nextToken: 'query' },
    output: z.object({ destinationSummaries: z.array(destination), nextToken: z.string().optional() }),
    errors: readErrors,
    handle: (input, call) => desk.list(input, call),
  })
}

function updateTopicRuleDestination(desk: DestinationDesk): Operation {
  return defineOperation({
    name: 'UpdateTopicRuleDestination',
    summary: 'Enables or disables a destination, in force at once; or asks for its confirmation again.',
    method: 'PATCH',
    path: '/destinations',
    permission: 'change',
    input: z.strictObject({ arn, status }),
    places: {},
    output: z.object({}),
    errors: writeErrors,
    handle: (input, call) => desk.update(input.arn, input.status, call),
  })
}

function deleteTopicRuleDestination(desk: DestinationDesk): Operation {
  return defineOperation({
    name: 'DeleteTopicRuleDestination',
    summary: 'Deletes a destination; rules that name it deliver nothing from then on.',
    method: 'DELETE',
    path: '/destinations/{arn+}',
    permission: 'change',
    input: z.strictObject({ arn }),
    places: { arn: 'path' },
    output: z.object({}),
    errors: writeErrors,
    handle: (input, call) => desk.remove(input.arn, call),
  })
}

function confirmTopicRuleDestination(desk: DestinationDesk): Operation {
  return defineOperation({
    name: 'ConfirmTopicRuleDestination',
    summary: 'Confirms a destination with its token.',
    method: 'GET',
    path: '/confirmdestination/{confirmationToken+}',
    permission: 'change',
    input: z.strictObject({ confirmationToken: z.string().min(1).max(2_048) }),
    places: { confirmationToken: 'path' },
    output: z.object({}),
    errors: writeErrors,
    handle: (input, call) => desk.confirm(input.confirmationToken, call),
  })
}
