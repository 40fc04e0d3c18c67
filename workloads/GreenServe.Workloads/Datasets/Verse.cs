using System.Text;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Datasets;

/// <summary>
/// Writes verse without a meaning: lines of ten words from a list of our own, in place of the poems whose lines other benchmarks send.
/// </summary>
internal static class Verse
{
    /// <summary>Mean letters of a token in English text. Lengths of text are estimated with it where nothing counts tokens.</summary>
    internal const int LettersPerToken = 4;

    private const int WordsPerLine = 10;

    /// <summary>The task that stands before the verse, so that a model which follows it answers at length.</summary>
    private const string Task = "Pick the lines below that you like, and write a poem of your own with them:\n";

    private static readonly string[] Words =
        ("the a my this each no and but for when that shall will can may do light shadow river summer winter morning evening garden window "
        + "mountain ocean silence music memory season harvest letter stranger brother daughter candle mirror feather silver golden quiet "
        + "gentle hollow ancient restless tender bitter early distant rises falls wanders returns remembers forgets carries follows "
        + "gathers opens under over between beyond without against toward until again never always slowly softly alone").Split(' ');

    /// <summary>Writes verse of about a number of tokens.</summary>
    /// <param name="seed">Seed of the text.</param>
    /// <param name="number">Number of the text under that seed.</param>
    /// <param name="tokens">Length wanted (tokens), estimated at four letters a token.</param>
    internal static string Text(ulong seed, long number, int tokens)
    {
        StringBuilder text = new();
        AppendLines(text, new RandomSequence($"verse-{number}", seed), tokens);
        return text.ToString();
    }

    /// <summary>Writes a prompt: a task and verse that begin equally under one seed, and then lines of its own.</summary>
    /// <param name="seed">Seed of the prompts.</param>
    /// <param name="number">Number of the prompt, from 0.</param>
    /// <param name="sharedTokens">Length of the beginning that all prompts of the seed have in common (tokens).</param>
    /// <param name="tokens">Length of the whole prompt (tokens), at least that of the beginning.</param>
    internal static string Prompt(ulong seed, long number, int sharedTokens, int tokens)
    {
        StringBuilder text = new(Math.Min(Task.Length, LettersPerToken * sharedTokens) is var length ? Task[..length] : "");
        AppendLines(text, new RandomSequence("verse-shared", seed), sharedTokens);
        AppendLines(text, new RandomSequence($"verse-own-{number}", seed), tokens);
        return text.ToString();
    }

    /// <summary>Appends lines until a text has a length. The last line is cut at it.</summary>
    private static void AppendLines(StringBuilder text, RandomSequence random, int tokens)
    {
        long letters = (long)LettersPerToken * tokens;
        for (int word = 0; text.Length < letters; word++)
        {
            text.Append(Words[random.NextIndex(Words.Length)]).Append((word + 1) % WordsPerLine == 0 ? '\n' : ' ');
        }

        text.Length = (int)Math.Min(text.Length, Math.Max(1, letters));
    }
}
