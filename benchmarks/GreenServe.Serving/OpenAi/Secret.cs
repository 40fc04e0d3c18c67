using System.Text.Encodings.Web;
using System.Text.Json;
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
    private static readonly JavaScriptEncoder ManyLetters = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    private readonly string value;

    private Secret(string value)
    {
        this.value = value;
        string credentials = value[(value.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        Texts =
        [
            .. new[] { value, credentials }
                .SelectMany(text => new[] { text, Escaped(text, JavaScriptEncoder.Default), Escaped(text, ManyLetters) })
                .Where(text => text == value || text.Length >= PartLength)
                .Distinct(),
        ];
    }

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

    /// <summary>
    /// The texts by which a server may repeat the value: as it was sent, as text of JSON, and what follows its first word, for example the
    /// key after <c>Bearer</c>. The value itself is the first.
    /// </summary>
    internal IReadOnlyList<string> Texts { get; }

    /// <summary>Whether the value is so short that it would be found in ordinary words.</summary>
    internal bool IsShort => value.Length < PartLength;

    /// <summary>Hides the key in a foreign text, also where a server shows only the beginning or the end of it.</summary>
    internal string Redact(string text)
    {
        string hidden = HideTexts(text);
        return value.Length <= 2 * PartLength
            ? hidden
            : hidden
                .Replace(value[..PartLength], Hidden, StringComparison.Ordinal)
                .Replace(value[^PartLength..], Hidden, StringComparison.Ordinal);
    }

    /// <summary>Hides the value in a foreign text, unless it is so short that it would be found in ordinary words.</summary>
    internal string RedactWhole(string text) => IsShort ? text : HideTexts(text);

    private static string Escaped(string text, JavaScriptEncoder encoder) => JsonEncodedText.Encode(text, encoder).Value;

    private string HideTexts(string text) =>
        Texts.Aggregate(text, (shown, secret) => shown.Replace(secret, Hidden, StringComparison.Ordinal));

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
