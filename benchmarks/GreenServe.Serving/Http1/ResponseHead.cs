using System.Globalization;
using System.Net;
using System.Text;

namespace GreenServe.Serving.Http1;

/// <summary>Reads the status line and the headers of a response, line by line (RFC 9112).</summary>
internal sealed class ResponseHead
{
    /// <summary>Largest head (bytes): 64 KB, as in .NET's own client.</summary>
    internal const int MaxBytes = 64 * 1024;
    private HttpResponseMessage? response;
    private int bytes;
    private bool isVersion10;
    private bool staysOpen;
    private bool closes;

    /// <summary>Whether the body comes in chunks.</summary>
    internal bool IsChunked { get; private set; }

    /// <summary>Length of the body (bytes); <c>null</c> where the head does not state it.</summary>
    internal long? ContentLength { get; private set; }

    /// <summary>Whether the server keeps the connection open after the response.</summary>
    internal bool KeepsOpen => !closes && (!isVersion10 || staysOpen);

    /// <summary>Takes a line, without its end.</summary>
    /// <returns>The response, when the line was the last one of its head.</returns>
    /// <exception cref="HttpRequestException">The line is not that of a response.</exception>
    internal HttpResponseMessage? Take(ReadOnlySpan<byte> line)
    {
        bytes += line.Length;
        if (bytes > MaxBytes)
        {
            throw TooLong();
        }

        if (response is null)
        {
            response = TakeStatus(line);
            return null;
        }

        if (line.IsEmpty)
        {
            HttpResponseMessage whole = response;
            response = null;

            // An interim response comes before the one that counts.
            return (int)whole.StatusCode is >= 100 and < 200 ? null : whole;
        }

        TakeHeader(response, line);
        return null;
    }

    /// <summary>The failure of a head that is longer than <see cref="MaxBytes"/>.</summary>
    internal static HttpRequestException TooLong() =>
        new(HttpRequestError.ConfigurationLimitExceeded, $"the headers are longer than {MaxBytes} bytes");

    private static HttpRequestException Invalid(string what) =>
        new(HttpRequestError.InvalidResponse, $"the server's answer is not HTTP/1.1: {what}");

    private HttpResponseMessage TakeStatus(ReadOnlySpan<byte> line)
    {
        const int CodeStart = 9;
        const int CodeEnd = 12;
        bool isStatus = line.Length >= CodeEnd && line.StartsWith("HTTP/1."u8) && char.IsAsciiDigit((char)line[7]) && line[8] == ' '
            && (line.Length == CodeEnd || line[CodeEnd] == ' ');
        if (!isStatus || !int.TryParse(line[CodeStart..CodeEnd], NumberStyles.None, CultureInfo.InvariantCulture, out int code))
        {
            throw Invalid("its status line");
        }

        isVersion10 = line[7] == '0';
        return new HttpResponseMessage((HttpStatusCode)code) { Content = new ByteArrayContent([]) };
    }

    private void TakeHeader(HttpResponseMessage target, ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            throw Invalid("a header line");
        }

        string name = Encoding.Latin1.GetString(line[..colon]);
        string value = Encoding.Latin1.GetString(line[(colon + 1)..].Trim(" \t"u8));
        if (name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
        {
            IsChunked = value.EndsWith("chunked", StringComparison.OrdinalIgnoreCase);
        }
        else if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
        {
            ContentLength = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long length)
                ? length
                : throw Invalid("its Content-Length");
        }
        else if (name.Equals("Connection", StringComparison.OrdinalIgnoreCase))
        {
            closes |= value.Contains("close", StringComparison.OrdinalIgnoreCase);
            staysOpen |= value.Contains("keep-alive", StringComparison.OrdinalIgnoreCase);
        }

        if (!target.Headers.TryAddWithoutValidation(name, value))
        {
            target.Content.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
