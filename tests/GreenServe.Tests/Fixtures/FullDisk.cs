namespace GreenServe.Tests.Fixtures;

/// <summary>A disk with room for a number of bytes, on which a write takes what fits and then fails as on Linux.</summary>
/// <param name="room">Bytes that fit, over all files.</param>
internal sealed class FullDisk(long room)
{
    private const int NoSpaceLeft = 28;
    private long free = room;

    /// <summary>Whether a write has failed.</summary>
    internal bool IsFull { get; private set; }

    internal Stream Open(string path, FileMode mode) =>
        new LimitedFile(this, new FileStream(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0));

    private sealed class LimitedFile(FullDisk disk, FileStream file) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => true;

        public override bool CanWrite => true;

        public override long Length => file.Length;

        public override long Position { get => file.Position; set => file.Position = value; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            int fitting = (int)Math.Min(buffer.Length, disk.free);
            file.Write(buffer[..fitting]);
            disk.free -= fitting;
            if (fitting < buffer.Length)
            {
                disk.IsFull = true;
                throw new IOException("No space left on device", NoSpaceLeft);
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void SetLength(long value) => file.SetLength(value);

        public override void Flush() => file.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

        protected override void Dispose(bool disposing)
        {
            file.Dispose();
            base.Dispose(disposing);
        }
    }
}
