using GreenServe.Records;

namespace GreenServe.Serving.OpenAi;

/// <summary>A header that is sent with each request. Its value is a secret: it gets into no record, message or log.</summary>
/// <param name="Name">Name of the header.</param>
/// <param name="Value">Its value.</param>
public sealed record SecretHeader(string Name, Secret Value)
{
    private const string FromEnvironment = "env:";
    private const string Allowed =
        "\"Name: value\" or \"Name: env:VARIABLE\", with a name of letters, digits and - and a value of printable ASCII";

    /// <summary>Headers that the client sets itself, or on which the reading of a response depends.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Expect", "Upgrade", "TE", "Trailer",
        "Accept-Encoding", "X-Request-Id",
    };

    /// <summary>Reads headers as a user gives them.</summary>
    /// <param name="place">The option, for messages.</param>
    /// <param name="texts">The texts.</param>
    /// <exception cref="InvalidInputException">
    /// Every text that is no header, or names a header that may not be set. No value is shown.
    /// </exception>
    public static IReadOnlyList<SecretHeader> Parse(string place, IEnumerable<string> texts)
    {
        List<SecretHeader> headers = [];
        List<Problem> problems = [];
        foreach (string text in texts)
        {
            string[] parts = text.Split(':', 2, StringSplitOptions.TrimEntries);
            string name = parts[0];
            if (parts.Length < 2 || name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
            {
                problems.Add(new Problem(place, "a text that is not shown and is no header", Allowed));
            }
            else if (Reserved.Contains(name))
            {
                problems.Add(new Problem(place, $"the header {name}", "a header that the client does not set itself"));
            }
            else if (headers.Exists(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                problems.Add(new Problem(place, $"the header {name} twice", "each header once"));
            }
            else if (ValueOf(parts[1]) is { Length: > 0 } value && value.All(letter => letter is >= ' ' and <= '~'))
            {
                headers.Add(new SecretHeader(name, Secret.Of(value)));
            }
            else
            {
                problems.Add(new Problem(place, $"the header {name} without a value that can be sent", Allowed));
            }
        }

        return problems.Count > 0 ? throw new InvalidInputException(problems) : headers;
    }

    private static string? ValueOf(string text) => text.StartsWith(FromEnvironment, StringComparison.Ordinal)
        ? Environment.GetEnvironmentVariable(text[FromEnvironment.Length..])?.Trim()
        : text;
}
