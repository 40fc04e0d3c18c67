using System.Net;
using System.Text;
using CsCheck;
using GreenServe.Serving.Http1;
using GreenServe.Serving.Transport;

namespace GreenServe.Tests.Serving.Http1;

/// <summary>A response is read whole or not at all, however its bytes are cut.</summary>
public sealed class ResponseReaderTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    [Theory]
    [InlineData(Ok + "Content-Length: 5\r\n\r\nhello", true)]
    [InlineData(Ok + "content-length:5\r\nConnection: close\r\n\r\nhello", false)]
    [InlineData(Ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;name=value\r\nllo\r\n0\r\n\r\n", true)]
    [InlineData(Ok + "Transfer-Encoding: Chunked\r\n\r\n005 \r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n", true)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n" + Ok + "Content-Length: 5\r\n\r\nhello", true)]
    [InlineData("HTTP/1.1 200\nContent-Length: 5\n\nhello", true)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", false)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello", true)]
    public void Take_FindsTheBody_HoweverTheBytesAreCut(string text, bool isReusable) =>
        Gen.Int[1, text.Length].Sample(cut =>
        {
            using Read read = new(text, cut);

            Assert.Equal((HttpStatusCode.OK, "hello"), (read.Status, read.Body));

            // The last byte ends the response, and no other.
            Assert.Equal(text.Length, read.BytesWanted);
            Assert.Equal(isReusable, read.Reader.LeavesConnectionReusable);
        });

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("HTTP/1.1 308 X\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n")]
    public void Take_EndsWithTheHead_WhenThereIsNoBody(string text)
    {
        using Read read = new(text, 1);

        Assert.Equal(text.Length, read.BytesWanted);
        Assert.True(read.Reader.LeavesConnectionReusable);
    }

    [Fact]
    public void TakeEnd_EndsABody_ThatStatesNoLength()
    {
        using Read read = new(Ok + "\r\nhello", 3);

        read.Reader.TakeEnd();

        Assert.Equal("hello", read.Body);
        Assert.False(read.Reader.LeavesConnectionReusable);
    }

    [Fact]
    public void Take_GivesTheConnectionUp_WhenMoreComesThanTheResponse()
    {
        // Nobody asked for the second response, and the next request must not take it for its own.
        using Read read = new(Ok + "Content-Length: 5\r\n\r\nhello" + Ok, 1000);

        Assert.Equal("hello", read.Body);
        Assert.False(read.Reader.LeavesConnectionReusable);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH\r\n")]
    [InlineData("HTTP/1.1 OK\r\n")]
    [InlineData("HTTP/2.0 200 OK\r\n")]
    [InlineData(Ok + "no colon\r\n")]
    [InlineData(Ok + "Content-Length: many\r\n")]
    public void Take_Fails_WhenTheHeadIsNone(string text)
    {
        HttpRequestException exception = Assert.Throws<HttpRequestException>(() => new Read(text, 4));

        Assert.Equal(HttpRequestError.InvalidResponse, exception.HttpRequestError);
    }

    [Theory]
    [InlineData("x\r\n")]
    [InlineData("\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("2\r\nhello\r\n")]
    public void Take_Fails_WhenAChunkIsBroken(string body)
    {
        HttpIOException exception =
            Assert.Throws<HttpIOException>(() => new Read(Ok + "Transfer-Encoding: chunked\r\n\r\n" + body, 1));

        Assert.Equal(HttpRequestError.InvalidResponse, exception.HttpRequestError);
    }

    [Fact]
    public void Take_Fails_WhenTheHeadDoesNotEnd()
    {
        string longHeader = $"X-Long: {new string('a', 70_000)}";

        HttpRequestException exception = Assert.Throws<HttpRequestException>(() => new Read(Ok + longHeader, 5000));

        Assert.Equal(HttpRequestError.ConfigurationLimitExceeded, exception.HttpRequestError);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-")]
    [InlineData("")]
    public void TakeEnd_Fails_BeforeTheHeadIsWhole(string text)
    {
        using Read read = new(text, 7);

        HttpRequestException exception = Assert.Throws<HttpRequestException>(read.Reader.TakeEnd);

        Assert.Equal(HttpRequestError.ResponseEnded, exception.HttpRequestError);
    }

    [Theory]
    [InlineData("Content-Length: 6\r\n\r\nhello")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    public void TakeEnd_Fails_BeforeTheBodyIsWhole(string rest)
    {
        using Read read = new(Ok + rest, 7);

        HttpIOException exception = Assert.Throws<HttpIOException>(read.Reader.TakeEnd);

        Assert.Equal(HttpRequestError.ResponseEnded, exception.HttpRequestError);
    }

    /// <summary>A response whose bytes come a few at a time, as long as they are wanted.</summary>
    private sealed class Read : IHttpExchange, IDisposable
    {
        private readonly StringBuilder body = new();

        internal Read(string text, int cut)
        {
            Reader = new ResponseReader(this);
            byte[] bytes = Encoding.ASCII.GetBytes(text);
            bool isWanted = true;
            while (isWanted && BytesWanted < bytes.Length)
            {
                int count = Math.Min(cut, bytes.Length - BytesWanted);
                isWanted = Reader.Take(bytes.AsSpan(BytesWanted, count));
                BytesWanted += count;
            }
        }

        internal ResponseReader Reader { get; }

        internal int BytesWanted { get; }

        internal HttpStatusCode? Status { get; private set; }

        internal string Body => body.ToString();

        public void BeginSend(TransportStream connection)
        {
        }

        public void TakeHead(HttpResponseMessage response) => Status = response.StatusCode;

        public bool TakeBody(ReadOnlySpan<byte> piece)
        {
            body.Append(Encoding.ASCII.GetString(piece));
            return true;
        }

        public void Dispose() => Reader.Dispose();
    }
}
