using System.CommandLine;
using System.Globalization;

namespace GreenServe.Cli.Commands;

/// <summary>Refuses numbers outside the range of an option while the command line is checked.</summary>
internal static class OptionRange
{
    /// <summary>Refuses a value that is not allowed. Text that is no number is left to the parser, which refuses it itself.</summary>
    /// <param name="option">The option.</param>
    /// <param name="isAllowed">Whether a number lies in the range.</param>
    /// <param name="wanted">What is allowed, in words that follow "want".</param>
    internal static void Require<T>(this Option<T> option, Func<T, bool> isAllowed, string wanted)
        where T : struct, IParsable<T> =>
        option.Validators.Add(result =>
        {
            // The parser's own conversion throws where the text is no number, and would end the program.
            if (result.Tokens is [var token] && T.TryParse(token.Value, CultureInfo.InvariantCulture, out T value) && !isAllowed(value))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name}: got {value}, want {wanted}"));
            }
        });
}
