using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Lengths;

/// <summary>
/// Lengths from a mix of request classes. First a class is drawn by weight, then an input and an output length of its bands. A
/// fixed length in each band gives representative requests.
/// </summary>
public sealed record ClassMixLengths : LengthModel, IChecked
{
    /// <summary>
    /// Weight of each request class (SS..LL) in any unit, for example percent. Classes without a weight do not occur.
    /// </summary>
    /// <value>At least 0.</value>
    [Range(0, double.PositiveInfinity)]
    public required IReadOnlyDictionary<string, double> Weights { get; init; }

    /// <summary>Input lengths of short, medium and long inputs.</summary>
    public required BandLengths Input { get; init; }

    /// <summary>Output lengths of short, medium and long outputs.</summary>
    public required BandLengths Output { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        foreach ((string name, _) in Weights)
        {
            if (!RequestClass.TryParse(name, out _))
            {
                yield return new Problem($"$.weights.{name}", "an unknown class", $"one of {string.Join(", ", RequestClass.All)}");
            }
        }

        if (!(Weights.Values.Sum() > 0))
        {
            yield return new Problem("$.weights", "a sum of 0", "at least one weight greater than 0");
        }

        foreach (LengthBand band in Enum.GetValues<LengthBand>())
        {
            if (Input.Of(band) is NaturalLength || Output.Of(band) is NaturalLength)
            {
                string side = Input.Of(band) is NaturalLength ? "input" : "output";
                yield return new Problem($"$.{side}.{EnumName(band)}.kind", "natural", "a stated length, on which the class depends");
            }
        }
    }

    /// <summary>
    /// Problems with bands that can be drawn and give lengths outside the cuts, so that a request would be of another class.
    /// </summary>
    internal IEnumerable<Problem> CheckBands(RequestClassCuts cuts)
    {
        RequestClass[] drawn = [.. RequestClass.All.Where(candidate => Weights.GetValueOrDefault(candidate.Name) > 0)];
        foreach (LengthBand band in Enum.GetValues<LengthBand>())
        {
            Problem? input = Outside(Input.Of(band), band, cuts.MediumInputTokens, cuts.LongInputTokens);
            if (input is not null && drawn.Any(candidate => candidate.Input == band))
            {
                yield return input with { Place = $"$.input.{EnumName(band)}" };
            }

            Problem? output = Outside(Output.Of(band), band, cuts.MediumOutputTokens, cuts.LongOutputTokens);
            if (output is not null && drawn.Any(candidate => candidate.Output == band))
            {
                yield return output with { Place = $"$.output.{EnumName(band)}" };
            }
        }
    }

    internal override IEnumerable<(int InputTokens, int OutputTokens)> Lengths(ScheduleSources sources)
    {
        RandomSequence classes = sources.Random(RandomNames.Class);
        RandomSequence input = sources.Random(RandomNames.Input);
        RandomSequence output = sources.Random(RandomNames.Output);
        (RequestClass Class, double Share)[] mix =
            [.. RequestClass.All.Select(candidate => (candidate, Weights.GetValueOrDefault(candidate.Name))).Where(pair => pair.Item2 > 0)];
        double total = mix.Sum(pair => pair.Share);
        while (true)
        {
            RequestClass drawn = Pick(mix, classes.NextUniform() * total);
            yield return (Input.Of(drawn.Input).Draw(input), Output.Of(drawn.Output).Draw(output));
        }
    }

    private static RequestClass Pick((RequestClass Class, double Share)[] mix, double target)
    {
        foreach ((RequestClass candidate, double share) in mix)
        {
            target -= share;
            if (target < 0)
            {
                return candidate;
            }
        }

        return mix[^1].Class;
    }

    private static Problem? Outside(LengthDistribution lengths, LengthBand band, int medium, int @long)
    {
        int low = band switch { LengthBand.Short => 1, LengthBand.Medium => medium, _ => @long };
        int high = band switch { LengthBand.Short => medium - 1, LengthBand.Medium => @long - 1, _ => int.MaxValue };
        if (lengths.ShortestTokens() >= low && lengths.LongestTokens() <= high)
        {
            return null;
        }

        string found = $"lengths from {lengths.ShortestTokens()} to {lengths.LongestTokens()} tokens";
        return new Problem("$", found, high == int.MaxValue
            ? $"lengths of at least {low} tokens, the cut of this band"
            : $"lengths from {low} to {high} tokens, the cuts of this band");
    }

    private static string EnumName(LengthBand band) => band switch
    {
        LengthBand.Short => "short",
        LengthBand.Medium => "medium",
        _ => "long",
    };
}
