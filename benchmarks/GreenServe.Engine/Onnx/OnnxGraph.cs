namespace GreenServe.Engine.Onnx;

/// <summary>An ONNX model under construction. It is written as a model file and a side file that holds the weights.</summary>
/// <remarks>The source of the field numbers is github.com/onnx/onnx, onnx/onnx.proto (IR version 10).</remarks>
internal sealed class OnnxGraph
{
    /// <summary>The operator set of ONNX Runtime's own fused operators.</summary>
    internal const string MicrosoftDomain = "com.microsoft";

    private const int IrVersion = 10;
    private const int StandardOperatorSet = 21;

    // Runtimes map the side file into memory page by page, so each tensor begins on a page.
    private const int Alignment = 4096;

    // Scalars stay in the model, since the runtime folds them before it reads the side file.
    private const int MaxInlineBytes = 64;

    private readonly List<OnnxNode> nodes = [];
    private readonly List<OnnxTensor> constants = [];
    private readonly List<OnnxValue> inputs = [];
    private readonly List<OnnxValue> outputs = [];

    internal void AddInput(OnnxValue value) => inputs.Add(value);

    internal void AddOutput(OnnxValue value) => outputs.Add(value);

    internal void AddConstant(OnnxTensor tensor) => constants.Add(tensor);

    internal void AddNode(OnnxNode node) => nodes.Add(node);

    /// <summary>The size of all constants in bytes.</summary>
    internal long ConstantBytes => constants.Sum(tensor => tensor.Bytes);

    /// <summary>Writes the model and its side file.</summary>
    /// <param name="modelPath">The path of the model file. The side file has the same path with <c>.data</c> added.</param>
    internal void Write(string modelPath)
    {
        string sidePath = modelPath + ".data";
        Dictionary<string, long> offsets = WriteSideFile(sidePath);
        ProtobufWriter model = new();
        model.Integer(1, IrVersion);
        model.Text(2, "GreenServe");
        model.Message(7, graph => WriteGraph(graph, Path.GetFileName(sidePath), offsets));
        model.Message(8, set => WriteOperatorSet(set, "", StandardOperatorSet));
        model.Message(8, set => WriteOperatorSet(set, MicrosoftDomain, 1));
        using FileStream file = File.Create(modelPath);
        file.Write(model.Bytes);
    }

    private Dictionary<string, long> WriteSideFile(string path)
    {
        Dictionary<string, long> offsets = [];
        using FileStream file = File.Create(path, bufferSize: 1 << 20);
        foreach (OnnxTensor tensor in constants.Where(tensor => tensor.Bytes > MaxInlineBytes))
        {
            file.Position = (file.Position + Alignment - 1) / Alignment * Alignment;
            offsets[tensor.Name] = file.Position;
            tensor.Write(file);
            long written = file.Position - offsets[tensor.Name];
            if (written != tensor.Bytes)
            {
                throw new InvalidOperationException($"{tensor.Name} wrote {written} bytes, not {tensor.Bytes}.");
            }
        }

        return offsets;
    }

    private void WriteGraph(ProtobufWriter graph, string sideFile, Dictionary<string, long> offsets)
    {
        foreach (OnnxNode node in nodes)
        {
            graph.Message(1, writer => WriteNode(writer, node));
        }

        graph.Text(2, "decoder");
        foreach (OnnxTensor tensor in constants)
        {
            graph.Message(5, writer => WriteTensor(writer, tensor, sideFile, offsets));
        }

        foreach (OnnxValue value in inputs)
        {
            graph.Message(11, writer => WriteValue(writer, value));
        }

        foreach (OnnxValue value in outputs)
        {
            graph.Message(12, writer => WriteValue(writer, value));
        }
    }

    private static void WriteOperatorSet(ProtobufWriter set, string domain, int version)
    {
        set.Text(1, domain);
        set.Integer(2, version);
    }

    private static void WriteNode(ProtobufWriter writer, OnnxNode node)
    {
        foreach (string input in node.Inputs)
        {
            writer.Text(1, input);
        }

        foreach (string output in node.Outputs)
        {
            writer.Text(2, output);
        }

        writer.Text(3, node.Outputs[0] + ":" + node.Operator);
        writer.Text(4, node.Operator);
        foreach ((string name, object value) in node.Attributes)
        {
            writer.Message(5, attribute => WriteAttribute(attribute, name, value));
        }

        writer.Text(7, node.Domain);
    }

    private static void WriteAttribute(ProtobufWriter attribute, string name, object value)
    {
        const int FloatType = 1;
        const int IntegerType = 2;
        attribute.Text(1, name);
        if (value is float number)
        {
            attribute.Number(2, number);
            attribute.Integer(20, FloatType);
        }
        else
        {
            attribute.Integer(3, (long)value);
            attribute.Integer(20, IntegerType);
        }
    }

    private static void WriteTensor(ProtobufWriter writer, OnnxTensor tensor, string sideFile, Dictionary<string, long> offsets)
    {
        const int External = 1;
        foreach (long size in tensor.Dimensions)
        {
            writer.Integer(1, size);
        }

        writer.Integer(2, (long)tensor.Element);
        writer.Text(8, tensor.Name);
        if (!offsets.TryGetValue(tensor.Name, out long offset))
        {
            using MemoryStream content = new();
            tensor.Write(content);
            writer.Raw(9, content.GetBuffer().AsSpan(0, (int)content.Length));
            return;
        }

        WriteExternal(writer, "location", sideFile);
        WriteExternal(writer, "offset", $"{offset}");
        WriteExternal(writer, "length", $"{tensor.Bytes}");
        writer.Integer(14, External);
    }

    private static void WriteExternal(ProtobufWriter writer, string key, string value) => writer.Message(13, entry =>
    {
        entry.Text(1, key);
        entry.Text(2, value);
    });

    private static void WriteValue(ProtobufWriter writer, OnnxValue value)
    {
        writer.Text(1, value.Name);
        writer.Message(2, type => type.Message(1, tensor =>
        {
            tensor.Integer(1, (long)value.Element);
            tensor.Message(2, shape =>
            {
                foreach (object dimension in value.Dimensions)
                {
                    shape.Message(1, size => WriteDimension(size, dimension));
                }
            });
        }));
    }

    private static void WriteDimension(ProtobufWriter writer, object dimension)
    {
        if (dimension is string name)
        {
            writer.Text(2, name);
        }
        else
        {
            writer.Integer(1, Convert.ToInt64(dimension, System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}

/// <summary>The element types of ONNX tensors that the decoder uses. The values are those of <c>TensorProto.DataType</c>.</summary>
internal enum OnnxElement
{
    Float32 = 1,
    UInt8 = 2,
    Int32 = 6,
    Int64 = 7,
}

/// <summary>An input or output of the graph.</summary>
/// <param name="Name">The name in the graph.</param>
/// <param name="Element">The element type.</param>
/// <param name="Dimensions">Each dimension is a number, or the name of a size that may differ from run to run.</param>
internal sealed record OnnxValue(string Name, OnnxElement Element, IReadOnlyList<object> Dimensions);

/// <summary>One operator of the graph.</summary>
/// <param name="Operator">The operator, for example <c>MatMul</c>.</param>
/// <param name="Inputs">The names of the inputs. An optional input that is left out has an empty name, as in ONNX.</param>
/// <param name="Outputs">The names of the outputs. An optional output that is left out has an empty name, as in ONNX.</param>
internal sealed record OnnxNode(string Operator, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs)
{
    /// <summary>The operator set. The standard set has an empty name, as in ONNX.</summary>
    internal string Domain { get; init; } = "";

    /// <summary>The settings of the operator. Each value is a <see cref="long"/> or a <see cref="float"/>.</summary>
    internal IReadOnlyDictionary<string, object> Attributes { get; init; } = new Dictionary<string, object>();
}

/// <summary>A constant tensor of the graph. A large tensor is kept in the side file and a small one in the model file.</summary>
/// <param name="Name">The name in the graph.</param>
/// <param name="Element">The element type.</param>
/// <param name="Dimensions">The shape. A scalar has no dimensions.</param>
/// <param name="Write">Writes all elements in row-major order, each little-endian.</param>
internal sealed record OnnxTensor(string Name, OnnxElement Element, IReadOnlyList<long> Dimensions, Action<Stream> Write)
{
    /// <summary>The size of the content in bytes.</summary>
    internal long Bytes => Dimensions.Aggregate(1L, (product, size) => product * size) * BytesPerElement;

    private int BytesPerElement => Element switch
    {
        OnnxElement.UInt8 => 1,
        OnnxElement.Int64 => 8,
        _ => 4,
    };
}
