using System.Net;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Http1;
using GreenServe.Serving.Load;
using GreenServe.Serving.Streams;
using GreenServe.Serving.Transport;

namespace GreenServe.Serving.OpenAi;

/// <summary>Reads one response where its bytes lie, on the thread that receives them.</summary>
/// <param name="trace">Receives what the client sees of the request.</param>
/// <param name="dialect">The server's dialect.</param>
/// <param name="rules">What a whole response must look like.</param>
/// <param name="time">The clock of time limits.</param>
internal sealed class DirectExchange(RequestTrace trace, Dialect dialect, StreamRules rules, TimeProvider time) : IHttpExchange, IDisposable
{
    private TransportStream? connection;
    private HttpResponseMessage? response;
    private OutputReading? reading;
    private ResponseLines? lines;
    private MemoryStream? words;
    private ITimer? wordsLimit;

    /// <summary>The response where it has another status than 200; otherwise <c>null</c>.</summary>
    internal HttpResponseMessage? Failed => words is null ? null : response;

    /// <summary>The beginning of the body of such a response.</summary>
    internal ReadOnlySpan<byte> Words => words is null ? default : words.GetBuffer().AsSpan(0, (int)words.Length);

    public void BeginSend(TransportStream connection)
    {
        this.connection = connection;
        ((ITransportUser)trace).Connection = connection;
        trace.Issue();
    }

    public void TakeHead(HttpResponseMessage response)
    {
        this.response = response;
        trace.ReceiptTimestamp();
        if (response.StatusCode != HttpStatusCode.OK)
        {
            words = new MemoryStream();
            wordsLimit = time.CreateTimer(
                static stream => ((TransportStream)stream!).Abort(), connection, FailedResponse.BodyLimit, Timeout.InfiniteTimeSpan);
            return;
        }

        trace.ServerId = OpenAiBackend.NameIn(response);
        reading = new OutputReading(trace, dialect.Chunks, rules);
        lines = dialect.LinesOf(reading);
    }

    public bool TakeBody(ReadOnlySpan<byte> piece)
    {
        if (lines is not null)
        {
            lines.Take(piece);
            return true;
        }

        words!.Write(piece[..Math.Min(piece.Length, FailedResponse.MaxBytes - (int)words.Length)]);
        return words.Length < FailedResponse.MaxBytes && FailedResponse.HasWords(response!);
    }

    /// <summary>Judges a response of status 200 after its last byte. A whole response completes the trace.</summary>
    /// <returns>Why the response cannot count as a completed request; <c>null</c> for a whole response.</returns>
    internal StreamFaultException? Finish()
    {
        lines!.TakeEnd();
        return reading!.Finish(response!.Content.Headers);
    }

    public void Dispose()
    {
        wordsLimit?.Dispose();
        lines?.Dispose();
        response?.Dispose();
    }
}
