namespace GreenServe.Engine.Onnx;

/// <summary>One operator of the graph.</summary>
/// <param name="Operator">For example <c>MatMul</c>.</param>
/// <param name="Inputs">Names of its inputs; empty for one left out.</param>
/// <param name="Outputs">Names of its outputs; empty for one left out.</param>
internal sealed record OnnxNode(string Operator, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs)
{
    /// <summary>The operator's set: empty for the standard one.</summary>
    internal string Domain { get; init; } = "";

    /// <summary>Settings; a value is a <see cref="long"/> or a <see cref="float"/>.</summary>
    internal IReadOnlyDictionary<string, object> Attributes { get; init; } = new Dictionary<string, object>();
}
