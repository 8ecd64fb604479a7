"""The part of GitHub's GraphQL schema that the sandbox serves."""

from string import Template

_SDL = Template("""
scalar BigInt
scalar DateTime
scalar GitObjectID
scalar URI

interface Actor { login: String!  url: URI! }
interface Minimizable { isMinimized: Boolean!  minimizedReason: String }
interface Node { id: ID! }
interface Reactable {
  databaseId: Int
  id: ID!
  reactions(first: Int, after: String, last: Int, before: String, content: ReactionContent): ReactionConnection!
}

enum CheckConclusionState {
  ACTION_REQUIRED
  CANCELLED
  FAILURE
  NEUTRAL
  SKIPPED
  STALE
  STARTUP_FAILURE
  SUCCESS
  TIMED_OUT
}
enum CheckStatusState { COMPLETED IN_PROGRESS QUEUED }
enum CommentAuthorAssociation { COLLABORATOR CONTRIBUTOR MEMBER NONE OWNER }
enum DiscussionOrderField { CREATED_AT UPDATED_AT }
enum DiscussionState { CLOSED OPEN }
enum DiscussionStateReason { DUPLICATE OUTDATED REOPENED RESOLVED }
enum IssueOrderField { COMMENTS CREATED_AT UPDATED_AT }
enum IssueState { CLOSED OPEN }
enum IssueStateReason { COMPLETED DUPLICATE NOT_PLANNED REOPENED }
enum IssueTimelineItemsItemType {
  ASSIGNED_EVENT
  CLOSED_EVENT
  LABELED_EVENT
  REOPENED_EVENT
  UNASSIGNED_EVENT
  UNLABELED_EVENT
}
enum OrderDirection { ASC DESC }
enum PatchStatus { ADDED CHANGED COPIED DELETED MODIFIED RENAMED }
enum PullRequestReviewState { APPROVED CHANGES_REQUESTED COMMENTED DISMISSED PENDING }
enum PullRequestState { CLOSED MERGED OPEN }
enum PullRequestTimelineItemsItemType {
  ASSIGNED_EVENT
  CLOSED_EVENT
  CONVERT_TO_DRAFT_EVENT
  LABELED_EVENT
  MERGED_EVENT
  READY_FOR_REVIEW_EVENT
  REOPENED_EVENT
  UNASSIGNED_EVENT
  UNLABELED_EVENT
}
enum ReactionContent { CONFUSED EYES HEART HOORAY LAUGH ROCKET THUMBS_DOWN THUMBS_UP }

type Bot implements Actor & Node { createdAt: DateTime!  databaseId: Int  id: ID!  login: String!  url: URI! }
type User implements Actor & Node {
  createdAt: DateTime!
  databaseId: Int
  id: ID!
  login: String!
  name: String
  url: URI!
}
type Mannequin implements Actor & Node { createdAt: DateTime!  databaseId: Int  id: ID!  login: String!  url: URI! }
type Organization implements Actor & Node { databaseId: Int  id: ID!  login: String!  name: String  url: URI! }

type PageInfo { endCursor: String  hasNextPage: Boolean!  hasPreviousPage: Boolean!  startCursor: String }

type Label implements Node { color: String!  description: String  id: ID!  name: String! }
type LabelConnection { nodes: [Label]  pageInfo: PageInfo!  totalCount: Int! }

type Reaction implements Node {
  content: ReactionContent!
  createdAt: DateTime!
  databaseId: Int
  id: ID!
  user: User
}
type ReactionConnection { nodes: [Reaction]  pageInfo: PageInfo!  totalCount: Int! }

type Repository implements Node {
  createdAt: DateTime!
  databaseId: Int
  discussion(number: Int!): Discussion
  discussionCategories($PAGES): DiscussionCategoryConnection!
  discussions(
    $PAGES
    categoryId: ID
    states: [DiscussionState!] = []
    orderBy: DiscussionOrder = {field: UPDATED_AT, direction: DESC}
    answered: Boolean = null
  ): DiscussionConnection!
  hasDiscussionsEnabled: Boolean!
  id: ID!
  isArchived: Boolean!
  isFork: Boolean!
  isPrivate: Boolean!
  issue(number: Int!): Issue
  issues(
    $PAGES
    filterBy: IssueFilters
    labels: [String!]
    orderBy: IssueOrder
    states: [IssueState!]
  ): IssueConnection!
  labels($PAGES): LabelConnection
  name: String!
  nameWithOwner: String!
  pullRequest(number: Int!): PullRequest
  pullRequests(
    $PAGES
    baseRefName: String
    headRefName: String
    labels: [String!]
    orderBy: IssueOrder
    states: [PullRequestState!]
  ): PullRequestConnection!
  updatedAt: DateTime!
  url: URI!
}
input IssueFilters { createdBy: String  labels: [String!]  since: DateTime  states: [IssueState!] }
input IssueOrder { direction: OrderDirection!  field: IssueOrderField! }
input DiscussionOrder { direction: OrderDirection!  field: DiscussionOrderField! }

type DiscussionCategory implements Node {
  createdAt: DateTime!
  description: String
  emoji: String!
  id: ID!
  isAnswerable: Boolean!
  name: String!
  slug: String!
}
type DiscussionCategoryConnection { nodes: [DiscussionCategory]  pageInfo: PageInfo!  totalCount: Int! }

type Discussion implements Node & Reactable {
  $WRITTEN
  $THREAD
  answer: DiscussionComment
  answerChosenAt: DateTime
  answerChosenBy: Actor
  category: DiscussionCategory!
  comments($PAGES): DiscussionCommentConnection!
  isAnswered: Boolean
  stateReason: DiscussionStateReason
  viewerDidAuthor: Boolean!
}
type DiscussionConnection { nodes: [Discussion]  pageInfo: PageInfo!  totalCount: Int! }

type DiscussionComment implements Minimizable & Node & Reactable {
  $WRITTEN
  $HIDDEN
  discussion: Discussion
  isAnswer: Boolean!
  replies($PAGES): DiscussionCommentConnection!
  replyTo: DiscussionComment
  updatedAt: DateTime!
  viewerDidAuthor: Boolean!
}
type DiscussionCommentConnection { nodes: [DiscussionComment]  pageInfo: PageInfo!  totalCount: Int! }

type Issue implements Node & Reactable {
  $WRITTEN
  $THREAD
  $ISSUE
  state: IssueState!
  stateReason(enableDuplicate: Boolean = false): IssueStateReason
  timelineItems($PAGES, itemTypes: [IssueTimelineItemsItemType!], since: DateTime): IssueTimelineItemsConnection!
}
type IssueConnection { nodes: [Issue]  pageInfo: PageInfo!  totalCount: Int! }

type PullRequest implements Node & Reactable {
  $WRITTEN
  $THREAD
  $ISSUE
  additions: Int!
  baseRefName: String!
  changedFiles: Int!
  commits($PAGES): PullRequestCommitConnection!
  deletions: Int!
  files($PAGES): PullRequestChangedFileConnection
  headRefName: String!
  headRefOid: GitObjectID!
  isDraft: Boolean!
  merged: Boolean!
  mergedAt: DateTime
  mergedBy: Actor
  reviews($PAGES, author: String, states: [PullRequestReviewState!]): PullRequestReviewConnection
  state: PullRequestState!
  timelineItems(
    $PAGES
    itemTypes: [PullRequestTimelineItemsItemType!]
    since: DateTime
  ): PullRequestTimelineItemsConnection!
}
type PullRequestConnection { nodes: [PullRequest]  pageInfo: PageInfo!  totalCount: Int! }
type PullRequestCommit { commit: Commit!  pullRequest: PullRequest! }
type PullRequestCommitConnection { nodes: [PullRequestCommit]  pageInfo: PageInfo!  totalCount: Int! }
type PullRequestChangedFile { additions: Int!  changeType: PatchStatus!  deletions: Int!  path: String! }
type PullRequestChangedFileConnection { nodes: [PullRequestChangedFile]  pageInfo: PageInfo!  totalCount: Int! }

type Commit { checkSuites($PAGES): CheckSuiteConnection  message: String!  oid: GitObjectID! }
type CheckSuite {
  conclusion: CheckConclusionState
  createdAt: DateTime!
  id: ID!
  status: CheckStatusState!
  updatedAt: DateTime!
}
type CheckSuiteConnection { nodes: [CheckSuite]  pageInfo: PageInfo!  totalCount: Int! }

union Assignee = Bot | Mannequin | Organization | User
type AssignedEvent implements Node { $HAPPENED  assignee: Assignee }
type ClosedEvent implements Node { $HAPPENED  stateReason: IssueStateReason }
type ConvertToDraftEvent implements Node { $HAPPENED  pullRequest: PullRequest! }
type LabeledEvent implements Node { $HAPPENED  label: Label! }
type MergedEvent implements Node { $HAPPENED  mergeRefName: String!  pullRequest: PullRequest! }
type ReadyForReviewEvent implements Node { $HAPPENED  pullRequest: PullRequest! }
type ReopenedEvent implements Node { $HAPPENED  stateReason: IssueStateReason }
type UnassignedEvent implements Node { $HAPPENED  assignee: Assignee }
type UnlabeledEvent implements Node { $HAPPENED  label: Label! }
union IssueTimelineItems = AssignedEvent | ClosedEvent | LabeledEvent | ReopenedEvent | UnassignedEvent | UnlabeledEvent
union PullRequestTimelineItems =
    AssignedEvent
  | ClosedEvent
  | ConvertToDraftEvent
  | LabeledEvent
  | MergedEvent
  | ReadyForReviewEvent
  | ReopenedEvent
  | UnassignedEvent
  | UnlabeledEvent
type IssueTimelineItemsConnection { nodes: [IssueTimelineItems]  pageInfo: PageInfo!  totalCount: Int! }
type PullRequestTimelineItemsConnection { nodes: [PullRequestTimelineItems]  pageInfo: PageInfo!  totalCount: Int! }

type IssueComment implements Minimizable & Node & Reactable {
  $WRITTEN
  $HIDDEN
  fullDatabaseId: BigInt
  updatedAt: DateTime!
}
type IssueCommentConnection { nodes: [IssueComment]  pageInfo: PageInfo!  totalCount: Int! }

type PullRequestReviewComment implements Minimizable & Node & Reactable {
  $WRITTEN
  $HIDDEN
  fullDatabaseId: BigInt
}

type PullRequestReview implements Minimizable & Node & Reactable {
  $WRITTEN
  $HIDDEN
  fullDatabaseId: BigInt
  pullRequest: PullRequest!
  state: PullRequestReviewState!
  submittedAt: DateTime
  updatedAt: DateTime!
}
type PullRequestReviewConnection { nodes: [PullRequestReview]  pageInfo: PageInfo!  totalCount: Int! }
type UserConnection { nodes: [User]  pageInfo: PageInfo!  totalCount: Int! }

type RateLimit { cost: Int!  limit: Int!  nodeCount: Int!  remaining: Int!  resetAt: DateTime!  used: Int! }

type Query {
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]!
  rateLimit(dryRun: Boolean = false): RateLimit
  repository(owner: String!, name: String!, followRenames: Boolean = true): Repository
  viewer: User!
}

input AddDiscussionCommentInput { body: String!  clientMutationId: String  discussionId: ID!  replyToId: ID }
type AddDiscussionCommentPayload { clientMutationId: String  comment: DiscussionComment }
input UpdateDiscussionCommentInput { body: String!  clientMutationId: String  commentId: ID! }
type UpdateDiscussionCommentPayload { clientMutationId: String  comment: DiscussionComment }
input DeleteDiscussionCommentInput { clientMutationId: String  id: ID! }
type DeleteDiscussionCommentPayload { clientMutationId: String  comment: DiscussionComment }
input AddReactionInput { clientMutationId: String  content: ReactionContent!  subjectId: ID! }
type AddReactionPayload { clientMutationId: String  reaction: Reaction  subject: Reactable }

enum DiscussionCloseReason { DUPLICATE  OUTDATED  RESOLVED }
input CreateDiscussionInput {
  body: String!
  categoryId: ID!
  clientMutationId: String
  repositoryId: ID!
  title: String!
}
type CreateDiscussionPayload { clientMutationId: String  discussion: Discussion }
input UpdateDiscussionInput {
  body: String
  categoryId: ID
  clientMutationId: String
  discussionId: ID!
  title: String
}
type UpdateDiscussionPayload { clientMutationId: String  discussion: Discussion }
input CloseDiscussionInput { clientMutationId: String  discussionId: ID!  reason: DiscussionCloseReason = RESOLVED }
type CloseDiscussionPayload { clientMutationId: String  discussion: Discussion }

input PinIssueInput { clientMutationId: String  issueId: ID! }
type PinIssuePayload { clientMutationId: String  issue: Issue }

type Mutation {
  addDiscussionComment(input: AddDiscussionCommentInput!): AddDiscussionCommentPayload
  addReaction(input: AddReactionInput!): AddReactionPayload
  closeDiscussion(input: CloseDiscussionInput!): CloseDiscussionPayload
  createDiscussion(input: CreateDiscussionInput!): CreateDiscussionPayload
  deleteDiscussionComment(input: DeleteDiscussionCommentInput!): DeleteDiscussionCommentPayload
  pinIssue(input: PinIssueInput!): PinIssuePayload
  updateDiscussion(input: UpdateDiscussionInput!): UpdateDiscussionPayload
  updateDiscussionComment(input: UpdateDiscussionCommentInput!): UpdateDiscussionCommentPayload
}
""")

_PAGES = "first: Int, after: String, last: Int, before: String"
# What everything that somebody wrote has, what all threads have besides, and what all but discussions.
_WRITTEN = f"""author: Actor
  authorAssociation: CommentAuthorAssociation!
  body: String!
  createdAt: DateTime!
  databaseId: Int
  id: ID!
  reactions({_PAGES}, content: ReactionContent): ReactionConnection!
  url: URI!"""
_THREAD = f"""closed: Boolean!
  closedAt: DateTime
  labels({_PAGES}): LabelConnection
  locked: Boolean!
  number: Int!
  repository: Repository!
  title: String!
  updatedAt: DateTime!"""
_ISSUE = f"""assignees({_PAGES}): UserConnection!
  comments({_PAGES}): IssueCommentConnection!
  fullDatabaseId: BigInt"""
_HIDDEN = "isMinimized: Boolean!  minimizedReason: String"
_HAPPENED = "actor: Actor  createdAt: DateTime!  id: ID!"

SDL = _SDL.substitute(WRITTEN=_WRITTEN, HIDDEN=_HIDDEN, THREAD=_THREAD, ISSUE=_ISSUE, HAPPENED=_HAPPENED, PAGES=_PAGES)
