using System.Text;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Prompts;

/// <summary>
/// Makes prompts of a wanted length that no other request shares, except for the prefix of a group that asks for it and for the turns of a
/// session, which are ever longer beginnings of one text: what follows a turn's own input stands for its output. Two runs never
/// share a prompt either, so that a warm prefix cache cannot flatter the second.
/// </summary>
/// <param name="seed">Seed of the workload.</param>
/// <param name="salt">Differs from run to run; the record holds it.</param>
internal sealed class PromptSource(ulong seed, ulong salt)
{
    private const ulong GroupDomain = 0x67726F7570UL;
    private const ulong OwnDomain = 0x6F776EUL;

    // Frequent English nouns: with a space before it each is one token for the common vocabularies.
    private static readonly string[] Words =
        ("time year people way day man thing woman life child world school state family student group country problem hand part "
        + "place case week company system program question work government number night point home water room mother area money "
        + "story fact month lot right study book eye job word business issue side kind head house service friend father power "
        + "hour game line end member law car city community name president team minute idea body information back parent face "
        + "others level office door health person art war history party result change morning reason research girl moment air "
        + "teacher force education food music").Split(' ');

    /// <summary>Token ids of a request's prompt, in [<paramref name="lowest"/>, <paramref name="end"/>).</summary>
    internal int[] TokenIds(in ScheduledRequest request, int lowest, int end)
    {
        int[] tokens = new int[request.InputTokens];
        int shared = SharedOf(request, tokens.Length);
        Fill(tokens.AsSpan(0, shared), GroupSequence(request), lowest, end);
        Fill(tokens.AsSpan(shared), OwnSequence(request), lowest, end);
        return tokens;
    }

    /// <summary>Text of this many words for a request.</summary>
    /// <param name="request">The request; its shared prefix is measured in the same share of words.</param>
    /// <param name="words">Words in all, at least 1.</param>
    internal string Text(in ScheduledRequest request, int words)
    {
        int shared = (int)((long)words * SharedOf(request, request.InputTokens) / request.InputTokens);
        StringBuilder text = new(words * 7);
        Append(text, shared, GroupSequence(request));
        Append(text, words - shared, OwnSequence(request));
        return text.ToString();
    }

    /// <summary>Tokens of the prompt that come from the text of its group.</summary>
    private static int SharedOf(in ScheduledRequest request, int tokens) => request switch
    {
        { PrefixGroup: null } => 0,
        { Turn: not null } => tokens,
        _ => Math.Min(request.SharedPrefixTokens, tokens),
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

    private WordSequence GroupSequence(in ScheduledRequest request) => new(seed, salt ^ GroupDomain, (ulong)(request.PrefixGroup ?? 0));

    private WordSequence OwnSequence(in ScheduledRequest request) => new(seed, salt ^ OwnDomain, (ulong)request.Id);
}
