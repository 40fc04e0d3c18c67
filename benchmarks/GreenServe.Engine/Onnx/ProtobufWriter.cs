using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace GreenServe.Engine.Onnx;

/// <summary>Writes protocol buffer messages. It knows only the wire types that an ONNX model needs.</summary>
/// <remarks>Fields are written in the order of the calls. Source: protobuf.dev, "Encoding".</remarks>
internal sealed class ProtobufWriter
{
    private const int VarintType = 0;
    private const int LengthDelimitedType = 2;
    private const int Fixed32Type = 5;
    private readonly ArrayBufferWriter<byte> buffer = new();

    /// <summary>The message written so far.</summary>
    internal ReadOnlySpan<byte> Bytes => buffer.WrittenSpan;

    internal void Integer(int field, long value)
    {
        Tag(field, VarintType);
        Varint((ulong)value);
    }

    internal void Number(int field, float value)
    {
        Tag(field, Fixed32Type);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        buffer.Write(bytes);
    }

    internal void Text(int field, string value) => Raw(field, Encoding.UTF8.GetBytes(value));

    internal void Raw(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, LengthDelimitedType);
        Varint((ulong)value.Length);
        buffer.Write(value);
    }

    internal void Message(int field, Action<ProtobufWriter> write)
    {
        ProtobufWriter inner = new();
        write(inner);
        Raw(field, inner.Bytes);
    }

    private void Tag(int field, int wireType) => Varint(((ulong)field << 3) | (uint)wireType);

    private void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            WriteByte((byte)(value | 0x80));
            value >>= 7;
        }

        WriteByte((byte)value);
    }

    private void WriteByte(byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }
}
