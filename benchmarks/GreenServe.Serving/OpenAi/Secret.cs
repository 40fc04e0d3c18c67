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
    /// <param name="place">The option that names the variable.</param>
    /// <param name="variable">Name of the variable. No message shows it, since a user may have given the key itself.</param>
    /// <exception cref="InvalidInputException">The variable is not set, or its value has characters that no key has.</exception>
    public static Secret FromEnvironment(string place, string variable) =>
        Check(Environment.GetEnvironmentVariable(variable), Problem.NoKeyOfThatName(place));

    /// <summary>Reads a key from the first line of a file.</summary>
    /// <param name="place">The option that names the file.</param>
    /// <param name="path">The file. No message shows its path unless it exists, since a user may have given the key itself.</param>
    /// <exception cref="InvalidInputException">The file cannot be read, or its first line has characters that no key has.</exception>
    public static Secret FromFile(string place, string path)
    {
        const string allowed = "a file whose first line is the key, and not the key itself";
        if (!File.Exists(path))
        {
            throw new InvalidInputException(new Problem(place, "a path that is not shown and where no file is", allowed));
        }

        string text = Records.Documents.InputFile.ReadText(path);
        return Check(text.Split('\n')[0].Trim(), new Problem(place, $"no key in {path}", allowed));
    }

    /// <summary>Makes a secret of a text that has been checked.</summary>
    internal static Secret Of(string value) => new(value);

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

    /// <summary>Hides the value in a foreign text, unless it is so short that it would be found in ordinary words.</summary>
    internal string RedactWhole(string text) =>
        value.Length < PartLength ? text : text.Replace(value, Hidden, StringComparison.Ordinal);

    /// <summary>Makes a secret of a text that can be a header. The text itself must not get into the error message.</summary>
    private static Secret Check(string? value, Problem missing)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new InvalidInputException(missing);
        }

        return value.Any(character => character is < '!' or > '~')
            ? throw new InvalidInputException(missing with { Found = "characters that no key has" })
            : new Secret(value);
    }
}
