using System.Net;
using System.Net.Sockets;
using System.Text;
using GreenServe.Engine.Http;
using GreenServe.Records.Requests;
using GreenServe.Serving.OpenAi;

namespace GreenServe.Tests.Serving.OpenAi;

/// <summary>A measured request is sent once and whole, whatever becomes of its connection.</summary>
public sealed class SingleSendTests
{
    private const string Answer =
        "data: {\"choices\":[{\"text\":\" a\",\"index\":0,\"finish_reason\":\"length\"}],"
        + "\"usage\":{\"prompt_tokens\":16,\"completion_tokens\":1}}\n\n"
        + "data: [DONE]\n\n";

    [Fact]
    public async Task Run_DoesNotRepeatARequest_WhenAReusedConnectionDies()
    {
        // HttpClient by itself sends a request again where a reused connection closes before the first byte of the response.
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using CancellationTokenSource stop = new();
        Task<int> serving = AnswerFirstThenHangUpAsync(listener, stop.Token);
        OpenAiOptions options = new() { Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"), Readers = 1 };
        await using OpenAiBackend backend = OpenAiBackend.For(options, ServedRun.Described);

        ServedRun first = await ServedRun.AgainstAsync(backend, ServedRun.Schedule(1, outputTokens: 1), ServedRun.Patient);
        ServedRun second = await ServedRun.AgainstAsync(backend, ServedRun.Schedule(1, outputTokens: 1), ServedRun.Patient);
        await stop.CancelAsync();

        Assert.Equal(RequestStatus.Completed, Assert.Single(first.Record.Requests).Status);
        Assert.Equal(RequestStatus.Truncated, Assert.Single(second.Record.Requests).Status);
        Assert.Equal(2, await serving);
    }

    [Fact]
    public async Task Run_SendsPromptsOfFiftyThousandTokens()
    {
        ServedRun run = await ServedRun.AgainstAsync(
            new HttpServerOptions(), ServedRun.Schedule(8, inputTokens: 50_000), ServedRun.Quick with { ContextTokens = 60_000 });

        Assert.All(
            run.Record.Requests,
            request => Assert.Equal((RequestStatus.Completed, 50_000), (request.Status, request.InputTokensCounted)));
    }

    /// <summary>
    /// Answers the first request, and closes the connection on every later one after having read it. Returns how many bodies came.
    /// </summary>
    private static async Task<int> AnswerFirstThenHangUpAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        int bodies = 0;
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                using Socket socket = await listener.AcceptSocketAsync(cancellationToken);
                int read;
                while ((read = await socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken)) > 0)
                {
                    if (!Encoding.ASCII.GetString(buffer, 0, read).Contains("\"prompt\"", StringComparison.Ordinal))
                    {
                        continue;
                    }

                    if (++bodies > 1)
                    {
                        break;
                    }

                    await socket.SendAsync(
                        Encoding.ASCII.GetBytes(
                            $"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: {Answer.Length}\r\n\r\n{Answer}"),
                        SocketFlags.None,
                        cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return bodies;
        }
    }
}
