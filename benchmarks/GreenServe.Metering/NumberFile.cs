using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace GreenServe.Metering;

/// <summary>A kernel file that holds one whole number, kept open and read without allocation.</summary>
internal sealed class NumberFile : IDisposable
{
    /// <summary>Room for the text of the file: a number of 64 bits takes at most 20 characters and a line end.</summary>
    private const int MaxTextBytes = 32;

    private readonly SafeFileHandle handle;

    private NumberFile(SafeFileHandle handle) => this.handle = handle;

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="IOException">The file is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    internal static NumberFile Open(string path) => new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));

    /// <summary>Reads the number that the file holds now; <c>null</c> if it holds none.</summary>
    /// <exception cref="IOException">The device behind the file is gone or does not answer.</exception>
    internal long? Read()
    {
        Span<byte> text = stackalloc byte[MaxTextBytes];
        int length = RandomAccess.Read(handle, text, 0);
        return Utf8Parser.TryParse(text[..length], out long value, out _) ? value : null;
    }

    public void Dispose() => handle.Dispose();
}
