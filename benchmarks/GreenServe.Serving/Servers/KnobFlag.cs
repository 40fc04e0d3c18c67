using System.ComponentModel;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Serving.Servers;

/// <summary>How one knob is told to a server.</summary>
public sealed record KnobFlag : IChecked
{
    /// <summary>The knobs that a server's command line can set. Clocks and power caps are set on the device.</summary>
    internal static readonly string[] Names = ["tensor_parallelism", "max_batch", "step_tokens", "precision"];

    /// <summary>Arguments with <c>{value}</c> for the knob's value; <c>null</c> when each value has its own.</summary>
    [Description("Arguments, with {value} for the knob's value. Give either this or values.")]
    public IReadOnlyList<string>? Arguments { get; init; }

    /// <summary>Arguments for each value, by its text; <c>null</c> when all have the same.</summary>
    [Description("Arguments for each value the server can take, for example fp8: [--quantization, fp8]. Give either this or arguments.")]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Values { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (Arguments is null == Values is null)
        {
            yield return new Problem("$", Arguments is null ? "neither arguments nor values" : "both arguments and values", "exactly one of arguments and values");
        }
    }

    /// <summary>The knobs that are set, by name, as the command line is to say them.</summary>
    internal static IEnumerable<(string Name, string Value, bool IsDefault)> Of(Knobs knobs)
    {
        Knobs defaults = new();
        yield return ("tensor_parallelism", Text(knobs.TensorParallelism), knobs.TensorParallelism == defaults.TensorParallelism);
        yield return ("precision", EnumText.Of(knobs.Precision), knobs.Precision == defaults.Precision);
        if (knobs.MaxBatch is { } batch)
        {
            yield return ("max_batch", Text(batch), false);
        }

        if (knobs.StepTokens is { } tokens)
        {
            yield return ("step_tokens", Text(tokens), false);
        }
    }

    /// <summary>The arguments for a value; <c>null</c> if the server cannot take it.</summary>
    internal IReadOnlyList<string>? For(string value) =>
        Values is not null ? Values.GetValueOrDefault(value)
        : [.. Arguments!.Select(argument => Template.Fill(argument, new Dictionary<string, string> { ["value"] = value }))];

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
