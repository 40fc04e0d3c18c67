namespace GreenServe.Analysis.Advising;

/// <summary>Something to copy that sets the recommended setting.</summary>
/// <param name="Title">What it is for, for example <c>vLLM</c> or <c>GPU clock and power cap</c>.</param>
/// <param name="Language">Language of the text: <c>bash</c> or <c>yaml</c>.</param>
/// <param name="Text">The text.</param>
/// <param name="Undo">The text that undoes it; <c>null</c> where nothing has to be undone.</param>
/// <param name="Notes">What the text cannot set, or what to mind, each in a sentence.</param>
public sealed record DeploymentSnippet(string Title, string Language, string Text, string? Undo, IReadOnlyList<string> Notes);
