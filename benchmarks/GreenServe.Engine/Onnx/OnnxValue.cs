namespace GreenServe.Engine.Onnx;

/// <summary>An input or output of the graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Element">Element type.</param>
/// <param name="Dimensions">Each a number, or the name of a size that varies from run to run.</param>
internal sealed record OnnxValue(string Name, OnnxElement Element, IReadOnlyList<object> Dimensions);
