import Web

extension RouteShape {
    /// Of routes whose shape is no matter to the test.
    static let tested = RouteShape("A route of a test.", answers: [], guards: [.idempotencyKey, .ifMatch])
}
