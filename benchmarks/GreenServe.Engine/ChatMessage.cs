namespace GreenServe.Engine;

/// <summary>One message of a conversation.</summary>
/// <param name="Role">For example <c>system</c>, <c>user</c>, <c>assistant</c>.</param>
/// <param name="Content">Its text.</param>
public sealed record ChatMessage(string Role, string Content);
