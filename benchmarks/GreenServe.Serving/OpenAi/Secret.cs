using GreenServe.Records;

namespace GreenServe.Serving.OpenAi;

/// <summary>An API key that never shows: neither in text nor in JSON, nor in an error that a server sends back.</summary>
public sealed class Secret
{
    private const string Hidden = "***";

    /// <summary>
    /// Characters of the beginning and of the end of a key that servers show in error messages, and that are hidden too. A shorter part
    /// would be found in ordinary text.
    /// </summary>
    private const int PartLength = 6;
    private readonly string value;

    private Secret(string value) => this.value = value;

    /// <summary>Reads a key from an environment variable.</summary>
    /// <param name="variable">Name of the variable.</param>
    /// <exception cref="InvalidInputException">The variable is not set, or its value has characters that no key has.</exception>
    public static Secret FromEnvironment(string variable) =>
        Check(Environment.GetEnvironmentVariable(variable), variable, "an environment variable that holds the key");

    /// <summary>Reads a key from the first line of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file cannot be read, or its first line has characters that no key has.</exception>
    public static Secret FromFile(string path)
    {
        string text = Records.Documents.InputFile.ReadText(path);
        return Check(text.Split('\n')[0].Trim(), path, "a file whose first line is the key");
    }

    /// <summary>Returns a placeholder in place of the key.</summary>
    public override string ToString() => Hidden;

    /// <summary>The key itself, for the header of a request.</summary>
    internal string Reveal() => value;

    /// <summary>Hides the key in a foreign text, also where a server shows only the beginning or the end of it.</summary>
    internal string Redact(string text)
    {
        string hidden = text.Replace(value, Hidden, StringComparison.Ordinal);
        return value.Length <= 2 * PartLength
            ? hidden
            : hidden
                .Replace(value[..PartLength], Hidden, StringComparison.Ordinal)
                .Replace(value[^PartLength..], Hidden, StringComparison.Ordinal);
    }

    /// <summary>Makes a secret of a text that can be a header. The text itself must not get into the error message.</summary>
    private static Secret Check(string? value, string place, string allowed)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new InvalidInputException(new Problem(place, null, allowed));
        }

        return value.Any(character => character is < '!' or > '~')
            ? throw new InvalidInputException(new Problem(place, "characters that no key has", allowed))
            : new Secret(value);
    }
}
