using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using GreenServe.Records;
using Microsoft.Win32.SafeHandles;

namespace GreenServe.Engine.HuggingFace;

/// <summary>Reads a safetensors file: eight bytes that tell the length of the header, a JSON header, and the data of the tensors.</summary>
/// <remarks>The class is thread-safe. Source: github.com/huggingface/safetensors, README, "Format".</remarks>
internal sealed class SafetensorsFile : IDisposable
{
    private const int LengthBytes = 8;

    // The limit that the format sets.
    private const long MaxHeaderBytes = 100_000_000;

    // The shortest JSON object is "{}".
    private const long MinHeaderBytes = 2;
    private const int ReadElements = 1 << 16;

    // Enough of a broken entry to recognise it in a message.
    private const int MaxQuotedCharacters = 80;
    private readonly SafeFileHandle handle;
    private readonly Dictionary<string, SafetensorsEntry> entries = [];

    private SafetensorsFile(string path, SafeFileHandle handle)
    {
        Path = path;
        this.handle = handle;
    }

    /// <summary>The path of the file.</summary>
    internal string Path { get; }

    /// <summary>The tensors of the file by name.</summary>
    internal IReadOnlyDictionary<string, SafetensorsEntry> Entries => entries;

    /// <summary>Opens a file and checks that it holds the data of every tensor.</summary>
    /// <exception cref="InvalidInputException">
    /// The file cannot be read or is truncated, or its header is broken. The exception names every problem.
    /// </exception>
    internal static SafetensorsFile Open(string path)
    {
        SafetensorsFile file;
        try
        {
            file = new SafetensorsFile(path, File.OpenHandle(path, options: FileOptions.RandomAccess));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(new Problem("weights", exception.Message, "a safetensors file that can be read", path));
        }

        try
        {
            file.ReadHeader();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads consecutive elements of a tensor as float32.</summary>
    /// <param name="entry">A tensor of this file whose element type is one of weights.</param>
    /// <param name="firstElement">The index of the first element to read, from 0.</param>
    /// <param name="destination">Receives the elements and is filled completely.</param>
    internal void Read(SafetensorsEntry entry, long firstElement, Span<float> destination)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadElements * sizeof(float));
        for (int done = 0; done < destination.Length;)
        {
            Span<float> part = destination.Slice(done, Math.Min(ReadElements, destination.Length - done));
            Span<byte> bytes = buffer.AsSpan(0, part.Length * entry.ElementBytes);
            ReadExactly(entry, entry.Start + ((firstElement + done) * entry.ElementBytes), bytes);
            Convert(entry.Element!.Value, bytes, part);
            done += part.Length;
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    public void Dispose() => handle.Dispose();

    private void ReadExactly(SafetensorsEntry entry, long position, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(handle, bytes, position);
            if (read == 0)
            {
                throw new InvalidInputException(new Problem(entry.Name, "a file that became shorter", "the whole tensor", Path));
            }

            position += read;
            bytes = bytes[read..];
        }
    }

    private static void Convert(SafetensorsElement element, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        // The file is little-endian, and so is every host on which the suite runs.
        switch (element)
        {
            case SafetensorsElement.F32:
                bytes.CopyTo(MemoryMarshal.AsBytes(values));
                break;
            case SafetensorsElement.F16:
                System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
                break;
            default:
                ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (int index = 0; index < values.Length; index++)
                {
                    values[index] = BitConverter.UInt32BitsToSingle((uint)halves[index] << 16);
                }

                break;
        }
    }

    private void ReadHeader()
    {
        long length = RandomAccess.GetLength(handle);
        Span<byte> prefix = stackalloc byte[LengthBytes];
        if (RandomAccess.Read(handle, prefix, 0) < LengthBytes)
        {
            throw new InvalidInputException(BrokenHeader($"a file of {length} bytes"));
        }

        ulong announced = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (announced is < MinHeaderBytes or > MaxHeaderBytes || (long)announced > length - LengthBytes)
        {
            throw new InvalidInputException(BrokenHeader($"a header of {announced} bytes in a file of {length}"));
        }

        long headerBytes = (long)announced;
        byte[] header = new byte[headerBytes];
        _ = RandomAccess.Read(handle, header, LengthBytes);
        List<Problem> problems = [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(header);
            foreach (JsonProperty property in document.RootElement.EnumerateObject().Where(property => property.Name != "__metadata__"))
            {
                AddEntry(property, LengthBytes + headerBytes, length, problems);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidInputException(new Problem("header", exception.Message, "a JSON object of tensors", Path));
        }

        if (problems.Count > 0)
        {
            throw new InvalidInputException(problems);
        }
    }

    private Problem BrokenHeader(string found) =>
        new("header", found, "a whole safetensors file: it is truncated or of another kind", Path);

    private void AddEntry(JsonProperty property, long dataStart, long fileLength, List<Problem> problems)
    {
        SafetensorsEntry? entry = ParseEntry(property, dataStart);
        if (entry is null)
        {
            problems.Add(new Problem(property.Name, Shortened(property.Value.GetRawText()), "dtype, shape and data_offsets", Path));
        }
        else if (entry.Start + entry.Bytes > fileLength)
        {
            problems.Add(new Problem(
                property.Name,
                $"data up to byte {entry.Start + entry.Bytes} in a file of {fileLength}",
                "a whole file: it is truncated",
                Path));
        }
        else if (entry.Element is not null && entry.ExpectedBytes != entry.Bytes)
        {
            problems.Add(new Problem(
                property.Name,
                $"{entry.Bytes} bytes",
                $"the {entry.ExpectedBytes} of [{string.Join(", ", entry.Shape)}] in {entry.TypeName}",
                Path));
        }
        else
        {
            entries[property.Name] = entry;
        }
    }

    private static SafetensorsEntry? ParseEntry(JsonProperty property, long dataStart)
    {
        try
        {
            JsonElement value = property.Value;
            long[] shape = [.. value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            long[] offsets = [.. value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
            string type = value.GetProperty("dtype").GetString()!;
            if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || shape.Any(size => size < 0))
            {
                return null;
            }

            SafetensorsEntry entry = new(property.Name, type, shape, checked(dataStart + offsets[0]), offsets[1] - offsets[0]);

            // A shape or an offset that does not fit 64 bits overflows here.
            _ = entry.ExpectedBytes;
            _ = checked(entry.Start + entry.Bytes);
            return entry;
        }
        catch (Exception exception)
            when (exception is KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private static string Shortened(string text) =>
        text.Length <= MaxQuotedCharacters ? text : text[..MaxQuotedCharacters] + "...";
}
