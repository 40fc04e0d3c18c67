namespace GreenServe.Serving.OpenAi;

/// <summary>Hides the beginning of a secret where a foreign text breaks off inside it.</summary>
/// <remarks>
/// A text breaks off where it was cut, which an ellipsis marks, and at its end, since a server may fall silent there. Elsewhere a secret is
/// whole, and is found by its whole value.
/// </remarks>
internal static class CutSecret
{
    /// <summary>Letters of a secret that are hidden. Fewer tell nothing of it, and would be found at the end of ordinary texts.</summary>
    private const int MinLetters = 3;
    private const string Hidden = "***";
    private const char Ellipsis = '…';

    /// <summary>Hides every beginning of a secret that stands before an ellipsis or at the end.</summary>
    /// <param name="text">What a server sent, perhaps cut.</param>
    /// <param name="secrets">The secrets.</param>
    internal static string Hide(string text, IReadOnlyCollection<string> secrets)
    {
        if (secrets.Count == 0)
        {
            return text;
        }

        string[] pieces = text.Split(Ellipsis);
        for (int index = 0; index < pieces.Length; index++)
        {
            int cut = secrets.Max(secret => LettersAtEnd(pieces[index], secret));
            pieces[index] = cut == 0 ? pieces[index] : pieces[index][..^cut] + Hidden;
        }

        return string.Join(Ellipsis, pieces);
    }

    /// <summary>Number of letters at the end of a text with which a secret begins; 0 for too few.</summary>
    private static int LettersAtEnd(ReadOnlySpan<char> text, ReadOnlySpan<char> secret)
    {
        for (int letters = Math.Min(text.Length, secret.Length); letters >= MinLetters; letters--)
        {
            if (text.EndsWith(secret[..letters], StringComparison.Ordinal))
            {
                return letters;
            }
        }

        return 0;
    }
}
