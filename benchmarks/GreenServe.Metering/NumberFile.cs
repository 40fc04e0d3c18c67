using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace GreenServe.Metering;

/// <summary>A kernel file that holds one whole number, kept open and read without allocation.</summary>
internal sealed class NumberFile : IDisposable
{
    private readonly SafeFileHandle handle;

    private NumberFile(SafeFileHandle handle) => this.handle = handle;

    /// <exception cref="IOException">The file is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    internal static NumberFile Open(string path) => new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));

    /// <summary>The number; <c>null</c> if there is none in the file.</summary>
    /// <exception cref="IOException">The device behind the file is gone or will not answer.</exception>
    internal long? Read()
    {
        Span<byte> text = stackalloc byte[32];
        int length = RandomAccess.Read(handle, text, 0);
        return Utf8Parser.TryParse(text[..length], out long value, out _) ? value : null;
    }

    public void Dispose() => handle.Dispose();
}
