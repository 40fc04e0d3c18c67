using System.Text;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Prompts;

/// <summary>
/// Makes prompts of a wanted length that share nothing with each other, except where the workload says so. The requests of a group begin
/// with the same prefix. Prompts of a trace consist of its blocks, and the same block is the same text. The turns of a session are ever
/// longer beginnings of one text, in which a stand-in for the output follows each turn's own input. The prompts of two runs never share a
/// beginning, so that a warm prefix cache cannot make the second run look better.
/// </summary>
/// <param name="seed">Seed of the workload.</param>
/// <param name="salt">Number that differs from run to run. The run record holds it.</param>
internal sealed class PromptSource(ulong seed, ulong salt)
{
    /// <summary>The letters of "group", so that the sequences of groups differ from those of requests.</summary>
    private const ulong GroupDomain = 0x67726F7570UL;

    /// <summary>The letters of "block", for the sequences of blocks.</summary>
    private const ulong BlockDomain = 0x626C6F636BUL;

    /// <summary>Place of the lap in the number of a block's sequence; the number of the block is below it.</summary>
    private const int LapShift = 32;

    /// <summary>The letters of "own", for the sequences of single requests.</summary>
    private const ulong OwnDomain = 0x6F776EUL;

    /// <summary>Letters of a word with the space before it, as an estimate for the first buffer.</summary>
    private const int LettersPerWord = 7;

    /// <summary>Frequent English nouns: with a space before it, each is one token in the common vocabularies.</summary>
    private static readonly string[] Words =
        ("time year people way day man thing woman life child world school state family student group country problem hand part "
        + "place case week company system program question work government number night point home water room mother area money "
        + "story fact month lot right study book eye job word business issue side kind head house service friend father power "
        + "hour game line end member law car city community name president team minute idea body information back parent face "
        + "others level office door health person art war history party result change morning reason research girl moment air "
        + "teacher force education food music").Split(' ');

    /// <summary>Makes the prompt of a request as token ids, as many as the request has input tokens.</summary>
    /// <param name="request">The request.</param>
    /// <param name="lowest">Smallest token id.</param>
    /// <param name="end">All token ids are below this.</param>
    internal int[] TokenIds(in ScheduledRequest request, int lowest, int end)
    {
        int[] tokens = new int[request.InputTokens];
        int begun = 0;
        foreach ((int length, WordSequence sequence) in Beginning(request, tokens.Length, tokensPerUnit: 1))
        {
            Fill(tokens.AsSpan(begun, length), sequence, lowest, end);
            begun += length;
        }

        Fill(tokens.AsSpan(begun), OwnSequence(request), lowest, end);
        return tokens;
    }

    /// <summary>Makes the prompt of a request as text.</summary>
    /// <param name="request">
    /// The request. The share of its tokens that its group shares becomes the same share of words. Each block becomes an equal number of
    /// words.
    /// </param>
    /// <param name="words">Number of words of the whole prompt, at least 1.</param>
    /// <param name="tokensPerWord">
    /// Mean number of tokens of a word, above 0. It is the same for all prompts, so that a block has equally many words in each.
    /// </param>
    internal string Text(in ScheduledRequest request, int words, double tokensPerWord)
    {
        StringBuilder text = new(words * LettersPerWord);
        int begun = 0;
        foreach ((int length, WordSequence sequence) in Beginning(request, words, tokensPerWord))
        {
            Append(text, length, sequence);
            begun += length;
        }

        Append(text, words - begun, OwnSequence(request));
        return text.ToString();
    }

    /// <summary>The parts at the beginning of a prompt that other prompts may share, each with its length and its sequence.</summary>
    /// <param name="request">The request.</param>
    /// <param name="units">Length of the whole prompt, in tokens or words.</param>
    /// <param name="tokensPerUnit">Mean number of tokens of a unit.</param>
    private IEnumerable<(int Length, WordSequence Sequence)> Beginning(ScheduledRequest request, int units, double tokensPerUnit)
    {
        if (request.Blocks is not { } blocks)
        {
            int shared = (int)((long)units * SharedOf(request) / request.InputTokens);
            yield return (shared, GroupSequence(request));
            yield break;
        }

        int blockUnits = Math.Max(1, (int)Math.Round(blocks.BlockTokens / tokensPerUnit));
        int begun = 0;
        foreach (int hashId in blocks.HashIds)
        {
            int length = Math.Min(blockUnits, units - begun);
            begun += length;
            yield return (length, new WordSequence(seed, salt ^ BlockDomain, ((ulong)blocks.Lap << LapShift) | (uint)hashId));
        }
    }

    /// <summary>Number of tokens at the beginning of a prompt that come from the sequence of its group.</summary>
    private static int SharedOf(in ScheduledRequest request) => request switch
    {
        { PrefixGroup: null } => 0,
        { Turn: not null } => request.InputTokens,
        _ => Math.Min(request.SharedPrefixTokens, request.InputTokens),
    };

    private static void Fill(Span<int> tokens, WordSequence sequence, int lowest, int end)
    {
        foreach (ref int token in tokens)
        {
            token = lowest + sequence.Next(end - lowest);
        }
    }

    private static void Append(StringBuilder text, int words, WordSequence sequence)
    {
        for (int word = 0; word < words; word++)
        {
            text.Append(' ').Append(Words[sequence.Next(Words.Length)]);
        }
    }

    /// <summary>The sequence that all requests of a group share. A request without a group takes nothing from it.</summary>
    private WordSequence GroupSequence(in ScheduledRequest request) =>
        new(seed, salt ^ GroupDomain, (ulong)request.PrefixGroup.GetValueOrDefault());

    private WordSequence OwnSequence(in ScheduledRequest request) => new(seed, salt ^ OwnDomain, (ulong)request.Id);
}
