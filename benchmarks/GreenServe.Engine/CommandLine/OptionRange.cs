using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace GreenServe.Engine.CommandLine;

/// <summary>Refuses numbers outside the range of an option while the command line is checked.</summary>
public static class OptionRange
{
    /// <summary>Refuses a value that is not allowed. Text that is no number is left to the parser, which refuses it itself.</summary>
    /// <param name="option">The option.</param>
    /// <param name="isAllowed">Whether a number lies in the range. It must be false for NaN.</param>
    /// <param name="wanted">What is allowed, in words that follow "want".</param>
    /// <returns>The option.</returns>
    public static Option<T> Require<T>(this Option<T> option, Func<T, bool> isAllowed, string wanted)
        where T : struct, IParsable<T>
    {
        Add(option, isAllowed, wanted);
        return option;
    }

    /// <inheritdoc cref="Require{T}(Option{T}, Func{T, bool}, string)" />
    public static Option<T?> Require<T>(this Option<T?> option, Func<T, bool> isAllowed, string wanted)
        where T : struct, IParsable<T>
    {
        Add(option, isAllowed, wanted);
        return option;
    }

    /// <inheritdoc cref="Require{T}(Option{T}, Func{T, bool}, string)" />
    public static Option<T[]> Require<T>(this Option<T[]> option, Func<T, bool> isAllowed, string wanted)
        where T : struct, IParsable<T>
    {
        Add(option, isAllowed, wanted);
        return option;
    }

    private static void Add<T>(Option option, Func<T, bool> isAllowed, string wanted)
        where T : struct, IParsable<T> =>
        option.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens)
            {
                // The parser's own conversion throws where the text is no number, and would end the program.
                if (T.TryParse(token.Value, CultureInfo.InvariantCulture, out T value) && !isAllowed(value))
                {
                    result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name}: got {value}, want {wanted}"));
                }
            }
        });
}
