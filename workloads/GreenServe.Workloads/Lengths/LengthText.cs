using System.Globalization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;

namespace GreenServe.Workloads.Lengths;

/// <summary>Reads a distribution of lengths as it is written on a command line.</summary>
public static class LengthText
{
    /// <summary>The word for outputs that end by themselves.</summary>
    private const string Natural = "natural";

    /// <summary>What such a text may be, in words that follow "want".</summary>
    public const string Allowed =
        "a number of tokens, MEAN,DEVIATION, natural for outputs that end by themselves, or a distribution as in a workload file, for "
        + "example { kind: uniform, least_tokens: 100, greatest_tokens: 900 }";

    /// <summary>Reads a distribution of lengths.</summary>
    /// <param name="text">
    /// A number of tokens, for example <c>512</c>. Or mean and standard deviation of a normal distribution, for example <c>512,128</c>. Or
    /// <c>natural</c> for outputs that end by themselves, at most 1024 tokens long. Or a distribution in the words of a workload file.
    /// </param>
    /// <param name="option">The option that the text was given to, which messages name.</param>
    /// <exception cref="InvalidInputException">The text is none of these.</exception>
    public static LengthDistribution Parse(string text, string option)
    {
        if (text.TrimStart().StartsWith('{'))
        {
            return DocumentTree.Parse(text, option).Bind<LengthDistribution>();
        }

        if (text.Trim() == Natural)
        {
            return new NaturalLength();
        }

        double?[] numbers = [.. text.Split(',').Select(NumberOf)];
        return numbers switch
        {
            [{ } tokens] when IsLength(tokens) && tokens == Math.Floor(tokens) => new FixedLength { Tokens = (int)tokens },
            [{ } mean, { } deviation] when IsLength(mean) && deviation is >= 0 and <= RequestLimits.MaxTokens =>
                new NormalLength { MeanTokens = mean, DeviationTokens = deviation },
            _ => throw new InvalidInputException(
                new Problem(option, $"'{text}'", $"{Allowed}; lengths are 1 to {RequestLimits.MaxTokens}")),
        };
    }

    private static bool IsLength(double tokens) => tokens is >= 1 and <= RequestLimits.MaxTokens;

    private static double? NumberOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;
}
