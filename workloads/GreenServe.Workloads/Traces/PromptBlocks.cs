namespace GreenServe.Workloads.Traces;

/// <summary>The blocks that a prompt begins with. Prompts that begin with the same blocks share their beginning.</summary>
/// <param name="BlockTokens">Length of a block (tokens), at least 1. A block in which the prompt ends is shorter.</param>
/// <param name="HashIds">Number of the content of each block, from 0. The same number stands for the same tokens.</param>
/// <param name="Lap">
/// How often the trace had been used up when the prompt was taken, from 0. Blocks of different laps never have the same content, so that
/// a trace that is sent again is not answered from a cache.
/// </param>
/// <param name="Path">
/// Number of the beginning that ends with each block, from 0. Two prompts have the same number in one place exactly if all their blocks up
/// to that place are the same.
/// </param>
public sealed record PromptBlocks(int BlockTokens, IReadOnlyList<int> HashIds, int Lap, IReadOnlyList<int> Path)
{
    /// <summary>Memory of the object itself and of the header of its path, in bytes.</summary>
    private const int ObjectBytes = 64;

    /// <summary>Memory that the prompt takes beside its trace, in bytes.</summary>
    internal long Bytes => ObjectBytes + ((long)sizeof(int) * Path.Count);
}
