namespace GreenServe.Workloads.Traces;

/// <summary>
/// The blocks that the prompts of a trace consist of. Two prompts that begin with the same blocks begin with the same text.
/// </summary>
/// <param name="BlockTokens">Length of a block (tokens), at least 1. The last block of a prompt may be shorter.</param>
/// <param name="HashIds">
/// The blocks of each request, in the order of <see cref="Trace.Requests"/>. The numbers are the file's own, renumbered from 0 in order
/// of appearance. What is left of a prompt after its last block belongs to this prompt alone.
/// </param>
public sealed record TracePrefixes(int BlockTokens, IReadOnlyList<IReadOnlyList<int>> HashIds);
