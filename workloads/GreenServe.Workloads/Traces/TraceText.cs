using System.IO.Compression;
using System.Text;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Workloads.Traces;

/// <summary>Opens the text of a trace file. A file whose name ends in <c>.gz</c> is unpacked while it is read.</summary>
internal static class TraceText
{
    /// <summary>
    /// Largest number of bytes that a compressed trace may unpack to. A small compressed file could otherwise fill the memory.
    /// </summary>
    /// <remarks>4 GiB is about twice the largest public trace known, the 44 million requests of Azure's week of 2024.</remarks>
    internal const long MaxUnpackedBytes = 4L << 30;

    private const string Compressed = ".gz";

    /// <summary>Opens the bytes of the text, unpacked.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="maxUnpackedBytes">Limit for a compressed file; reading beyond it fails.</param>
    /// <remarks>Reading throws <see cref="InvalidDataException"/> where a compressed file is damaged.</remarks>
    internal static Stream OpenBytes(string path, long maxUnpackedBytes = MaxUnpackedBytes)
    {
        FileStream file = InputFile.OpenRead(path);
        return path.EndsWith(Compressed, StringComparison.OrdinalIgnoreCase)
            ? new BoundedStream(new GZipStream(file, CompressionMode.Decompress), maxUnpackedBytes, path)
            : file;
    }

    /// <summary>Opens the text, unpacked.</summary>
    internal static StreamReader Open(string path) => new(OpenBytes(path), Encoding.UTF8);

    /// <summary>Passes on the bytes of another stream, and fails beyond the limit.</summary>
    private sealed class BoundedStream(Stream source, long maxBytes, string path) : Stream
    {
        private long bytesRead;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int read = source.Read(buffer);
            bytesRead += read;
            return bytesRead <= maxBytes
                ? read
                : throw new InvalidInputException(new Problem(
                    "file",
                    $"more than {maxBytes} bytes of text once unpacked",
                    "a smaller trace, or the same trace not compressed",
                    path));
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                source.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
