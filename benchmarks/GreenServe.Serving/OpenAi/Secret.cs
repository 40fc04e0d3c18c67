using GreenServe.Records;

namespace GreenServe.Serving.OpenAi;

/// <summary>An API key, which never shows: not in text, not in JSON, not in an error a server sends back.</summary>
public sealed class Secret
{
    private const string Hidden = "***";
    private readonly string value;

    private Secret(string value) => this.value = value;

    /// <summary>Reads it from an environment variable.</summary>
    /// <exception cref="InvalidInputException">The variable is not set or cannot be a header.</exception>
    public static Secret FromEnvironment(string variable) =>
        Check(Environment.GetEnvironmentVariable(variable), variable, "an environment variable that holds the key");

    /// <summary>Reads it from the first line of a file.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, or its first line cannot be a header.</exception>
    public static Secret FromFile(string path)
    {
        string text = Records.Documents.InputFile.ReadText(path);
        return Check(text.Split('\n')[0].Trim(), path, "a file whose first line is the key");
    }

    /// <inheritdoc />
    public override string ToString() => Hidden;

    internal string Reveal() => value;

    /// <summary>Foreign text with the key taken out, also where a server shows only its beginning.</summary>
    internal string Redact(string text)
    {
        const int ShortestPart = 6;
        string result = text.Replace(value, Hidden, StringComparison.Ordinal);
        return value.Length > 2 * ShortestPart
            ? result.Replace(value[..ShortestPart], Hidden, StringComparison.Ordinal).Replace(value[^ShortestPart..], Hidden, StringComparison.Ordinal)
            : result;
    }

    // The value itself must not get into the message.
    private static Secret Check(string? value, string place, string allowed) =>
        string.IsNullOrWhiteSpace(value) || value.Any(character => character is < '!' or > '~')
            ? throw new InvalidInputException(new Problem(place, string.IsNullOrWhiteSpace(value) ? null : "characters that no key has", allowed))
            : new Secret(value);
}
