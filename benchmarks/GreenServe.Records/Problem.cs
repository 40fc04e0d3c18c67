using System.Globalization;
using GreenServe.Records.Http;

namespace GreenServe.Records;

/// <summary>One thing wrong with an input: what was found, where, and what is allowed.</summary>
/// <param name="Place">Path inside the document, for example <c>$.load.requests_per_second</c>, or the name of an option.</param>
/// <param name="Found">The value as found; <c>null</c> when it is missing.</param>
/// <param name="Allowed">What would be accepted, in words that follow "want".</param>
/// <param name="File">The file that the input came from; <c>null</c> where it came from none.</param>
/// <param name="Line">Line in the file, counted from 1; <c>null</c> where it is not known.</param>
public sealed record Problem(string Place, object? Found, string Allowed, string? File = null, int? Line = null)
{
    /// <summary>The whole message where another program worded it; <c>null</c> for a problem that this program found.</summary>
    public string? Said { get; init; }

    /// <summary>Creates a problem in the words of another program, which already say what was found and what is allowed.</summary>
    /// <param name="place">The other program, or the place that it named.</param>
    /// <param name="text">The message of the other program.</param>
    public static Problem SaidBy(string place, string text) => new(place, text, "what it says") { Said = text };

    /// <summary>
    /// Creates the problem of a name under which the environment has no key. It does not show the name, since a user may have given the
    /// key itself.
    /// </summary>
    /// <param name="option">The option that asks for the name.</param>
    public static Problem NoKeyOfThatName(string option) => new(
        option,
        "a name that is not shown and under which the environment has no key",
        "the NAME of an environment variable that holds the key, and not the key itself");

    /// <summary>
    /// The message for users, for example <c>chat.workload.yaml:12: $.load.requests_per_second: got -3, want a number in (0,
    /// 10000]</c>. It is one line, unless another program worded it. Control signs are shown as escapes, long values are cut, and user
    /// names, passwords and queries of addresses are hidden.
    /// </summary>
    public override string ToString()
    {
        if (Said is not null)
        {
            return ShownText.Lines(HttpAddress.Masked(Said));
        }

        string origin = File is null ? "" : ShownText.OneLine(File) + (Line is null ? ": " : $":{Line}: ");
        string found = Found is null ? "nothing" : Convert.ToString(Found, CultureInfo.InvariantCulture) ?? "nothing";
        string place = ShownText.OneLine(Place, ShownText.MaxValueLetters);
        string shown = ShownText.OneLine(HttpAddress.Masked(found), ShownText.MaxValueLetters);
        return $"{origin}{place}: got {shown}, want {ShownText.OneLine(Allowed)}";
    }
}
