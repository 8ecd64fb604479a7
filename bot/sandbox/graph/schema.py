"""The part of GitHub's GraphQL schema that the sandbox serves."""

from string import Template

_SDL = Template("""
scalar BigInt
scalar DateTime
scalar URI

interface Actor { login: String!  url: URI! }
interface Node { id: ID! }
interface Reactable {
  databaseId: Int
  id: ID!
  reactions(first: Int, after: String, last: Int, before: String, content: ReactionContent): ReactionConnection!
}

enum CommentAuthorAssociation { COLLABORATOR CONTRIBUTOR MEMBER NONE OWNER }
enum DiscussionOrderField { CREATED_AT UPDATED_AT }
enum DiscussionState { CLOSED OPEN }
enum DiscussionStateReason { DUPLICATE OUTDATED REOPENED RESOLVED }
enum OrderDirection { ASC DESC }
enum PullRequestReviewState { APPROVED CHANGES_REQUESTED COMMENTED }
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
  databaseId: Int
  discussion(number: Int!): Discussion
  discussionCategories(first: Int, after: String, last: Int, before: String): DiscussionCategoryConnection!
  discussions(
    first: Int
    after: String
    last: Int
    before: String
    categoryId: ID
    states: [DiscussionState!] = []
    orderBy: DiscussionOrder = {field: UPDATED_AT, direction: DESC}
    answered: Boolean = null
  ): DiscussionConnection!
  hasDiscussionsEnabled: Boolean!
  id: ID!
  isArchived: Boolean!
  isPrivate: Boolean!
  name: String!
  nameWithOwner: String!
  url: URI!
}
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
  closed: Boolean!
  closedAt: DateTime
  comments(first: Int, after: String, last: Int, before: String): DiscussionCommentConnection!
  isAnswered: Boolean
  labels(first: Int, after: String, last: Int, before: String): LabelConnection
  stateReason: DiscussionStateReason
  updatedAt: DateTime!
  viewerDidAuthor: Boolean!
}
type DiscussionConnection { nodes: [Discussion]  pageInfo: PageInfo!  totalCount: Int! }

type DiscussionComment implements Node & Reactable {
  $WRITTEN
  discussion: Discussion
  isAnswer: Boolean!
  replies(first: Int, after: String, last: Int, before: String): DiscussionCommentConnection!
  replyTo: DiscussionComment
  updatedAt: DateTime!
  viewerDidAuthor: Boolean!
}
type DiscussionCommentConnection { nodes: [DiscussionComment]  pageInfo: PageInfo!  totalCount: Int! }

type Issue implements Node & Reactable {
  $WRITTEN
  $THREAD
  fullDatabaseId: BigInt
}
type PullRequest implements Node & Reactable {
  $WRITTEN
  $THREAD
  fullDatabaseId: BigInt
}
type IssueComment implements Node & Reactable {
  $WRITTEN
  fullDatabaseId: BigInt
}

type PullRequestReviewComment implements Node & Reactable {
  $WRITTEN
  fullDatabaseId: BigInt
}

type PullRequestReview implements Node & Reactable {
  $WRITTEN
  fullDatabaseId: BigInt
  pullRequest: PullRequest!
  state: PullRequestReviewState!
  submittedAt: DateTime
  updatedAt: DateTime!
}

type RateLimit { cost: Int!  limit: Int!  remaining: Int!  resetAt: DateTime!  used: Int! }

type Query {
  node(id: ID!): Node
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

type Mutation {
  addDiscussionComment(input: AddDiscussionCommentInput!): AddDiscussionCommentPayload
  addReaction(input: AddReactionInput!): AddReactionPayload
  deleteDiscussionComment(input: DeleteDiscussionCommentInput!): DeleteDiscussionCommentPayload
  updateDiscussionComment(input: UpdateDiscussionCommentInput!): UpdateDiscussionCommentPayload
}
""")

# What everything that somebody wrote has, and what all threads have besides.
_WRITTEN = """author: Actor
  authorAssociation: CommentAuthorAssociation!
  body: String!
  createdAt: DateTime!
  databaseId: Int
  id: ID!
  reactions(first: Int, after: String, last: Int, before: String, content: ReactionContent): ReactionConnection!
  url: URI!"""
_THREAD = """locked: Boolean!
  number: Int!
  repository: Repository!
  title: String!"""

SDL = _SDL.substitute(WRITTEN=_WRITTEN, THREAD=_THREAD)
