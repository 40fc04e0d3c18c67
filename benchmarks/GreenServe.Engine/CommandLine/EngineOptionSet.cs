using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;

namespace GreenServe.Engine.CommandLine;

/// <summary>The command line options of the engine.</summary>
/// <remarks>
/// <c>greenserve serve engine</c> and the process that computes, <c>greenserve-engine</c>, have the same options.
/// </remarks>
public sealed class EngineOptionSet
{
    private readonly Option<string> model = new("--model")
    {
        Description = "Model to serve: a built-in model of the Llama architecture with random weights (for example llama-15m, llama-110m, "
            + "llama-2-7b), a model file *.yaml, or a Hugging Face folder with safetensors files.",
        HelpName = "NAME|FILE|FOLDER",
        DefaultValueFactory = _ => new EngineSettings().Model,
    };

    private readonly Option<string?> servedName = new("--served-model-name")
    {
        Description = "Name by which clients ask for the model. Default: the model's own name.",
        HelpName = "NAME",
    };

    private readonly Option<DeviceKind> device = new("--device")
    {
        Description = "Device that computes: this host's processor or an NVIDIA GPU. Default: cpu.",
    };

    private readonly Option<RunnerKind?> runner = new("--runner")
    {
        Description = "Library that computes: onnx (comes with the suite) or torch (needs an installed PyTorch). Default: onnx on the CPU, "
            + "torch on CUDA.",
    };

    private readonly Option<EnginePrecision?> precision = new("--precision")
    {
        Description = "Format of the weights: float32, int8 or int4 (onnx); bf16 or float32 (torch). Default: float32 on the CPU, bf16 on "
            + "CUDA.",
    };

    private readonly Option<int?> tensorParallelism = Whole("--tensor-parallelism", 1, 64,
        "Number of GPUs that share each layer, 1 to 64 (torch only). The first GPUs of the host are used. The number must divide the "
        + "model's heads. Default: 1.");

    private readonly Option<long> seed = new("--seed")
    {
        Description = "Seed of random weights, and of the sampling of requests that bring no seed, 0 to 2^53 - 1.",
        HelpName = "N",
        DefaultValueFactory = _ => new EngineSettings().Seed,
    };

    private readonly Option<int?> maxBatch = Whole("--max-batch", 1, 4096,
        "Largest number of sequences in a batch, 1 to 4096. Default: 16 on the CPU; on CUDA as many as fit into memory, at most 256.");

    private readonly Option<int?> stepTokens = Whole("--step-tokens", 1, 1 << 20,
        "Largest number of tokens in one step, at least --max-batch. A longer prompt is run in chunks. Default: 256 on the CPU, 2048 on "
        + "CUDA.");

    private readonly Option<int?> maxContext = Whole("--max-context", 16, 1 << 20,
        "Largest number of tokens in a prompt and its output together, 16 to the model's context. Default: the model's context, but at "
        + "most 2048 on the CPU and 4096 on CUDA.");

    private readonly Option<int?> cacheTokens = Whole("--cache-tokens", 16, int.MaxValue,
        "Number of tokens that the key-value cache may hold, at least 16. With fewer tokens than all slots hold, the engine preempts "
        + "requests. Default: as many tokens as all slots hold when full.");

    private readonly Option<int?> threads = Whole("--threads", 1, 1024,
        "Number of threads that compute on the CPU, 1 to 1024. Default: one a core.");

    private readonly Option<IPAddress> address = new("--address")
    {
        Description = "IP address to listen on. The server has no TLS, so use an address other than loopback only in a trusted network.",
        HelpName = "IP",
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = ParseAddress,
    };

    private readonly Option<int?> port = Whole("--port", 0, 65_535,
        "TCP port to listen on, 0 to 65535. Port 0 takes a free port. Default: 8000.");

    private readonly Option<bool> http2 = new("--http2") { Description = "Speak HTTP/2 without TLS, and nothing else." };

    private readonly Option<string?> apiKey = new("--api-key-env")
    {
        Description = "Name of the environment variable that holds the key which clients must send. Default: no key.",
        HelpName = "NAME",
    };

    private readonly Option<double> grace = new("--stop-grace")
    {
        Description = "Time for which requests in flight may go on after a stop, in seconds, 0 to 86400.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => new EngineSettings().StopGraceSeconds,
    };

    private readonly Option<string?> steps = new("--steps")
    {
        Description = "File to which every step is logged as CSV (start, duration, prefill tokens, decode sequences, context tokens). "
            + "Times are seconds of the host's monotonic clock.",
        HelpName = "FILE",
    };

    private readonly Option<bool> stopsWithInput = new("--stop-with-stdin")
    {
        Description = "Stop when standard input ends, so that the server never outlives the program that started it.",
    };

    /// <summary>Adds every option to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[]
        {
            model, servedName, device, runner, precision, tensorParallelism, seed,
            maxBatch, stepTokens, maxContext, cacheTokens, threads,
            address, port, http2, apiKey, grace, steps, stopsWithInput,
        })
        {
            command.Add(option);
        }

        seed.Require(value => value is >= 0 and < 1L << 53, "a whole number in [0, 2^53 - 1]");
        grace.Require(value => value is >= 0 and <= EngineSettings.MaxStopGraceSeconds, "a number in [0, 86400]");
        ParseMessages.NameChoices(command);
    }

    /// <summary>Reads the settings that a command line asks for.</summary>
    public EngineSettings Read(ParseResult parsed) => new()
    {
        Model = parsed.GetRequiredValue(model),
        ServedName = parsed.GetValue(servedName),
        Device = parsed.GetValue(device),
        Runner = parsed.GetValue(runner),
        Precision = parsed.GetValue(precision),
        TensorParallelism = parsed.GetValue(tensorParallelism) ?? 1,
        Seed = parsed.GetValue(seed),
        MaxBatch = parsed.GetValue(maxBatch),
        StepTokens = parsed.GetValue(stepTokens),
        MaxContext = parsed.GetValue(maxContext),
        CacheTokens = parsed.GetValue(cacheTokens),
        Threads = parsed.GetValue(threads),
        Address = parsed.GetRequiredValue(address),
        Port = parsed.GetValue(port) ?? new EngineSettings().Port,
        SpeaksHttp2 = parsed.GetValue(http2),
        ApiKeyVariable = parsed.GetValue(apiKey),
        StopGraceSeconds = parsed.GetValue(grace),
        StepsFile = parsed.GetValue(steps),
        StopsWithInput = parsed.GetValue(stopsWithInput),
    };

    private static Option<int?> Whole(string name, int min, int max, string description)
    {
        Option<int?> option = new(name) { Description = description, HelpName = "N" };
        option.Require(value => value >= min && value <= max, $"a whole number in [{min}, {max}]");
        return option;
    }

    private static IPAddress? ParseAddress(ArgumentResult result)
    {
        if (result.Tokens.Count == 1 && IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? address))
        {
            return address;
        }

        string found = result.Tokens.Count == 1 ? result.Tokens[0].Value : "nothing";
        result.AddError($"--address: got {found}, want an IP address, for example 127.0.0.1");
        return null;
    }
}
