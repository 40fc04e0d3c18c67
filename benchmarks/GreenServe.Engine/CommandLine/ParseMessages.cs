using System.CommandLine;
using System.CommandLine.Parsing;
using System.Reflection;
using GreenServe.Records.Documents;

namespace GreenServe.Engine.CommandLine;

/// <summary>Describes the mistakes of a command line: which option, what was found, and what is allowed.</summary>
public static class ParseMessages
{
    /// <summary>
    /// Makes every option that has fixed choices take them by the names that documents use, with dashes between the words, for example
    /// <c>llama-cpp</c>. The help lists these names. This covers the command and all its subcommands.
    /// </summary>
    public static void NameChoices(Command command)
    {
        foreach (Option option in command.Options)
        {
            Type type = option.ValueType;
            if (Bare(type) is { IsEnum: true } choice)
            {
                string method = type == choice ? nameof(TakeNames) : nameof(TakeOptionalNames);
                typeof(ParseMessages).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
                    .MakeGenericMethod(choice).Invoke(null, [option]);
            }
        }

        foreach (Command below in command.Subcommands)
        {
            NameChoices(below);
        }
    }

    /// <summary>
    /// Refuses empty text for every option and argument, because none has a use for it: it is what a variable without a value leaves on a
    /// command line. This covers the command and all its subcommands.
    /// </summary>
    public static void RequireText(Command command)
    {
        foreach (Option option in command.Options)
        {
            option.Validators.Add(result => Require(result, option.Name, option.HelpName));
        }

        foreach (Argument argument in command.Arguments)
        {
            argument.Validators.Add(result => Require(result, argument.Name, argument.HelpName));
        }

        foreach (Command below in command.Subcommands)
        {
            RequireText(below);
        }
    }

    private static void Require(SymbolResult result, string name, string? wanted)
    {
        if (result.Tokens.Any(token => token.Value.Length == 0))
        {
            result.AddError($"{name}: got nothing, want {wanted ?? name}");
        }
    }

    /// <summary>Describes every mistake of a command line, one line each.</summary>
    public static IEnumerable<string> Of(ParseResult parsed) => parsed.Errors.Select(Of).Distinct();

    private static string Of(ParseError error)
    {
        // The parser's own message for a value that it cannot convert names the types of this program.
        if (error.SymbolResult is OptionResult { Tokens.Count: > 0 } result
            && Allowed(result.Option.ValueType) is { } allowed
            && error.Message.StartsWith("Cannot parse", StringComparison.Ordinal))
        {
            return $"{result.Option.Name}: got {string.Join(' ', result.Tokens.Select(token => token.Value))}, want {allowed}";
        }

        return error.Message;
    }

    private static string? Allowed(Type type) => Type.GetTypeCode(Bare(type.IsArray ? type.GetElementType()! : type)) switch
    {
        TypeCode.Int32 or TypeCode.Int64 => "a whole number",
        TypeCode.UInt64 or TypeCode.UInt32 => "a whole number of at least 0",
        TypeCode.Double => "a number",
        TypeCode.Boolean => "true or false",
        _ => null,
    };

    private static void TakeNames<T>(Option<T> option)
        where T : struct, Enum
    {
        option.HelpName ??= string.Join('|', Names<T>());
        option.CustomParser ??= result => Choice<T>(option, result) ?? default;
    }

    private static void TakeOptionalNames<T>(Option<T?> option)
        where T : struct, Enum
    {
        option.HelpName ??= string.Join('|', Names<T>());
        option.CustomParser ??= result => Choice<T>(option, result);
    }

    private static T? Choice<T>(Option option, ArgumentResult result)
        where T : struct, Enum
    {
        string text = string.Join(' ', result.Tokens.Select(token => token.Value));
        foreach (T value in Enum.GetValues<T>())
        {
            if (string.Equals(Letters(EnumText.Of(value)), Letters(text), StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        result.AddError($"{option.Name}: got {text}, want one of {string.Join(", ", Names<T>())}");
        return null;
    }

    private static IEnumerable<string> Names<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(value => EnumText.Of(value).Replace('_', '-'));

    /// <summary>A name without what people write in different ways between its words.</summary>
    private static string Letters(string name) =>
        name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;
}
