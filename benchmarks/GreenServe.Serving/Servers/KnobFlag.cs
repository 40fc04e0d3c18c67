using System.Globalization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Serving.Servers;

/// <summary>How one knob is put on a server's command line: arguments for any value, or arguments for each value.</summary>
public sealed record KnobFlag : IChecked
{
    /// <summary>
    /// Names of the knobs that a server's command line can set. Clocks and power caps are missing: they are set on the device.
    /// </summary>
    internal static readonly string[] Names = ["tensor_parallelism", "pipeline_parallelism", "max_batch", "step_tokens", "precision"];

    /// <summary>
    /// Arguments for any value of the knob, in which <c>{value}</c> stands for the value, for example <c>[--max-num-seqs, "{value}"]</c>.
    /// Exactly one of this and <see cref="Values"/> is given.
    /// </summary>
    /// <value><c>null</c>: each value has arguments of its own.</value>
    public IReadOnlyList<string>? Arguments { get; init; }

    /// <summary>
    /// Arguments for each value that the server can take, by the text of the value, for example <c>fp8: [--quantization, fp8]</c>.
    /// </summary>
    /// <value><c>null</c>: all values have the same arguments.</value>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Values { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (Arguments is null == Values is null)
        {
            string found = Arguments is null ? "neither arguments nor values" : "both arguments and values";
            yield return new Problem("$", found, "exactly one of arguments and values");
        }
    }

    /// <summary>The knobs of an operating point that belong on the command line, with the text of their values.</summary>
    /// <param name="knobs">The knobs; one that is not set is left out, and the server has its own default.</param>
    /// <returns>
    /// Each knob, and whether its value is what every server has that lacks the knob: a statement that needs no argument.
    /// </returns>
    internal static IEnumerable<(string Name, string Value, bool IsUsual)> Of(Knobs knobs)
    {
        if (knobs.TensorParallelism is { } degree)
        {
            yield return ("tensor_parallelism", Text(degree), degree == 1);
        }

        if (knobs.PipelineParallelism is { } stages)
        {
            yield return ("pipeline_parallelism", Text(stages), stages == 1);
        }

        if (knobs.Precision is { } precision)
        {
            yield return ("precision", EnumText.Of(precision), precision == Precision.Bf16);
        }

        if (knobs.MaxBatch is { } batch)
        {
            yield return ("max_batch", Text(batch), false);
        }

        if (knobs.StepTokens is { } tokens)
        {
            yield return ("step_tokens", Text(tokens), false);
        }
    }

    /// <summary>The arguments for a value; <c>null</c> where the server cannot take the value.</summary>
    internal IReadOnlyList<string>? For(string value)
    {
        Dictionary<string, string> values = new() { ["value"] = value };
        return Values is not null
            ? Values.GetValueOrDefault(value)
            : [.. Arguments!.Select(argument => Template.Fill(argument, values))];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
