"""What things look like in GitHub's JSON: one small function a shape, each taking a `View` and the thing.

The same shapes serve the REST API and webhook payloads, as on GitHub; where these differ a keyword says so. Fields
follow GitHub's OpenAPI document (docs.github.com/rest), against which the tests check every answer.
"""
