using System.CommandLine;
using System.CommandLine.Parsing;

namespace GreenServe.Engine.CommandLine;

/// <summary>Describes the mistakes of a command line: which option, what was found, and what is allowed.</summary>
public static class ParseMessages
{
    /// <summary>
    /// Gives every option that has fixed choices a help name which lists them in lower case, as people type them. This covers the command
    /// and all its subcommands.
    /// </summary>
    public static void NameChoices(Command command)
    {
        foreach (Option option in command.Options)
        {
            if (option.HelpName is null && Choices(option.ValueType) is { } choices)
            {
                option.HelpName = string.Join('|', choices);
            }
        }

        foreach (Command below in command.Subcommands)
        {
            NameChoices(below);
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

    private static string? Allowed(Type type) => Choices(type) is { } choices ? $"one of {string.Join(", ", choices)}"
        : Type.GetTypeCode(Bare(type)) switch
        {
            TypeCode.Int32 or TypeCode.Int64 => "a whole number",
            TypeCode.UInt64 or TypeCode.UInt32 => "a whole number of at least 0",
            TypeCode.Double => "a number",
            TypeCode.Boolean => "true or false",
            _ => null,
        };

    private static IEnumerable<string>? Choices(Type type) =>
        Bare(type) is { IsEnum: true } choice ? Enum.GetNames(choice).Select(name => name.ToLowerInvariant()) : null;

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;
}
