using System.Text.RegularExpressions;

namespace GreenServe.Search.Advising.Deployments;

/// <summary>Writes texts for a POSIX shell, which takes each of them as one word and runs nothing in it.</summary>
internal static partial class ShellText
{
    /// <summary>A text as one word: as it is where the shell gives none of its letters a meaning, or in single quotes.</summary>
    internal static string Word(string text) =>
        Plain().IsMatch(text) ? text : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^[A-Za-z0-9_@%+:,./-]+\z")]
    private static partial Regex Plain();
}
