/// One topic, and what of it somebody wants: admitted once, and checked again before each answer.
public struct TopicWish: Sendable {
    let topic: String
    let filter: TopicFilter
}
