using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GreenServe.Analysis.Advising;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Search.Advising.Deployments;

namespace GreenServe.Tests.Search.Advising.Deployments;

public sealed partial class DeploymentCommandsTests
{
    /// <summary>Every option that may be written, with the document that has it.</summary>
    private static readonly Dictionary<string, string> Sources = new[]
    {
        ("docs.vllm.ai, vllm serve (engine arguments and server arguments)",
            "--host --port --tensor-parallel-size --pipeline-parallel-size --max-num-seqs --max-num-batched-tokens --dtype --quantization "
            + "--max-model-len --enable-prefix-caching --no-enable-prefix-caching --kv-transfer-config"),
        ("SGLang, docs/advanced_features/server_arguments.md and pd_disaggregation.md",
            "--model-path --tp --pp-size --max-running-requests --chunked-prefill-size --context-length --disable-radix-cache "
            + "--enable-metrics --disaggregation-mode --disaggregation-bootstrap-port"),
        ("TensorRT-LLM, tensorrt_llm/commands/serve.py",
            "--tp_size --pp_size --max_batch_size --max_num_tokens --max_seq_len --enable_chunked_prefill --extra_llm_api_options"),
        ("llama.cpp, tools/server/README.md",
            "--model --parallel --batch-size --ubatch-size --ctx-size --cache-prompt --no-cache-prompt --n-gpu-layers --metrics"),
    }.SelectMany(source => source.Item2.Split(' ').Select(option => (option, source.Item1))).ToDictionary();

    public static TheoryData<string> Settings => [.. Cases.Keys];

    private static Dictionary<string, ServingSetting> Cases { get; } = new()
    {
        ["default"] = TestAdvice.Setting(),
        ["every knob"] = TestAdvice.Setting(new Knobs
        {
            TensorParallelism = 2,
            PipelineParallelism = 2,
            GpuClockMegahertz = 1410,
            PowerCapWatts = 500,
            MaxBatch = 64,
            StepTokens = 2048,
            Precision = Precision.Fp8,
        }) with
        { CachesPrefixes = true },
        ["one GPU"] = TestAdvice.Setting(new Knobs { MaxBatch = 8, StepTokens = 512, Precision = Precision.Int4 }) with
        {
            CachesPrefixes = false,
        },
        ["replicas"] = TestAdvice.Setting(new Knobs { TensorParallelism = 2, Precision = Precision.Bf16 }) with { Replicas = 3 },
        ["split"] = TestAdvice.Setting(new Knobs { TensorParallelism = 2 }) with { Replicas = 2, PrefillReplicas = 1 },
        ["two hosts"] = TestAdvice.Setting(new Knobs { TensorParallelism = 4 }) with { Replicas = 4 },
        ["wide"] = TestAdvice.Setting(new Knobs { TensorParallelism = 16, Precision = Precision.Fp32 }),
        ["foreign text"] = TestAdvice.Setting() with { Model = "it's $(touch evil) `x` \"; rm -rf ~ #\n- y: z", Engine = "sglang-0.5" },
    };

    [Fact]
    public void Of_WritesTheCommandOfTheSimulatedServerFirst()
    {
        DeploymentSnippet first = Of("every knob")[0];

        // 512 input and 128 output tokens fit into 1024.
        Assert.Equal("vLLM", first.Title);
        Assert.Equal(
            """
            MODEL=meta-llama/Llama-3.1-8B
            export CUDA_DEVICE_ORDER=PCI_BUS_ID

            CUDA_VISIBLE_DEVICES=0,1,2,3 vllm serve "$MODEL" \
              --host 127.0.0.1 \
              --port 8000 \
              --enable-prefix-caching \
              --max-model-len 1024 \
              --tensor-parallel-size 2 \
              --pipeline-parallel-size 2 \
              --quantization fp8 \
              --max-num-seqs 64 \
              --max-num-batched-tokens 2048

            """,
            first.Text);
        Assert.Equal("SGLang", Of("foreign text")[0].Title);
    }

    [Fact]
    public void Of_AsksForTheCheckpoint_WhereNoOptionMakesTheNumberFormat()
    {
        // The first repository that is known has 16-bit weights: a command with it would serve another setting than the advice.
        DeploymentSnippet[] snippets = [.. Of("one GPU").Where(snippet => snippet.Language == "bash" && snippet.Undo is null)];

        Assert.All(snippets, snippet => Assert.StartsWith("MODEL=\"${MODEL:?set it to", snippet.Text, StringComparison.Ordinal));
        Assert.Contains("llama-3.1-8b in int4", snippets[0].Text, StringComparison.Ordinal);
        DeploymentSnippet kubernetes = Of("one GPU").Single(snippet => snippet.Title == "Kubernetes");
        Assert.Contains("/models/llama-3.1-8b-in-int4", kubernetes.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("meta-llama", kubernetes.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_WritesOneCommandForEachReplica_WithGpusAndPortsOfItsOwn()
    {
        DeploymentSnippet vllm = Of("replicas")[0];

        Assert.Equal(["0,1", "2,3", "4,5"], Gpus().Matches(vllm.Text).Select(match => match.Groups[1].Value));
        Assert.Equal(["8000", "8001", "8002"], Ports().Matches(vllm.Text).Select(match => match.Groups[1].Value));
        Assert.EndsWith("&\nwait\n", vllm.Text, StringComparison.Ordinal);
        Assert.Contains(vllm.Notes, note => note.Contains("need a router", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_SaysWhichInstanceProcessesPrompts_WhereTheSettingSplitsThem()
    {
        IReadOnlyList<DeploymentSnippet> snippets = Of("split");

        string sglang = snippets.Single(snippet => snippet.Title == "SGLang").Text;
        Assert.Equal(["prefill", "decode", "decode"], Modes().Matches(sglang).Select(match => match.Groups[1].Value));
        Assert.Contains("VLLM_NIXL_SIDE_CHANNEL_PORT=5601", snippets[0].Text, StringComparison.Ordinal);
        string tensorRt = snippets.Single(snippet => snippet.Title == "TensorRT-LLM").Text;
        Assert.Contains("disable_overlap_scheduler: true", tensorRt, StringComparison.Ordinal);
        string llamaCpp = snippets.Single(snippet => snippet.Title == "llama.cpp").Text;
        Assert.StartsWith("# llama-server cannot", llamaCpp, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SaysWhatAServerCannotSet()
    {
        IReadOnlyList<DeploymentSnippet> snippets = Of("one GPU");

        Assert.Contains(
            snippets[0].Notes, note => note.StartsWith("vLLM has no option that makes the weights int4", StringComparison.Ordinal));
        Assert.DoesNotContain("--quantization", snippets[0].Text, StringComparison.Ordinal);
        Assert.Contains("--no-enable-prefix-caching", snippets[0].Text, StringComparison.Ordinal);
        string tensorRt = snippets.Single(snippet => snippet.Title == "TensorRT-LLM").Text;
        Assert.Contains("enable_block_reuse: false", tensorRt, StringComparison.Ordinal);

        // Eight slots of 1024 tokens.
        Assert.Contains("--ctx-size 8192", snippets.Single(snippet => snippet.Title == "llama.cpp").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_WritesOneCommandOfEachKind_WhenTheInstancesNeedMoreThanOneHost()
    {
        DeploymentSnippet vllm = Of("two hosts")[0];

        Assert.Equal(["0,1,2,3"], Gpus().Matches(vllm.Text).Select(match => match.Groups[1].Value));
        Assert.Contains("start it 4 times", vllm.Notes[0], StringComparison.Ordinal);
        Assert.Contains("several hosts together", Of("wide")[0].Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SetsClockAndPowerCap_AndUndoesThem()
    {
        DeploymentSnippet lines = Of("every knob").Single(snippet => snippet.Title == "GPU clock and power cap");

        Assert.Equal(
            """
            sudo nvidia-smi -i 0,1,2,3 -pm 1
            sudo nvidia-smi -i 0,1,2,3 -lgc 1410,1410
            sudo nvidia-smi -i 0,1,2,3 -pl 500

            """,
            lines.Text);

        // The board power of an H100 SXM is 700 W.
        Assert.Equal("sudo nvidia-smi -i 0,1,2,3 -rgc\nsudo nvidia-smi -i 0,1,2,3 -pl 700\n", lines.Undo);
        Assert.DoesNotContain(Of("default"), snippet => snippet.Title == "GPU clock and power cap");
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Of_WritesNoOptionThatNoServerHas(string name)
    {
        IEnumerable<string> options = Of(name).Where(snippet => snippet.Language == "bash")
            .SelectMany(snippet => Options().Matches(snippet.Text)).Select(match => match.Value).Distinct();

        Assert.Empty(options.Except(Sources.Keys));
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Of_WritesTextThatBashReads(string name)
    {
        IEnumerable<string> texts = Of(name).Where(snippet => snippet.Language == "bash")
            .SelectMany(snippet => new[] { snippet.Text, snippet.Undo }).OfType<string>();

        (int code, string output) = await BashAsync(string.Join('\n', texts), "-n");

        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Of_GivesForeignTextToTheServerAsOneWord()
    {
        // A folder of weights may have any name. The shell is given functions in place of the servers, which print their words.
        DeploymentSnippet sglang = Of("foreign text")[0];

        (int code, string output) = await BashAsync(
            $"MODEL='a b'; python() {{ printf '%s|' \"$@\"; }}\n{sglang.Text}");

        Assert.True(code == 0, output);
        Assert.StartsWith("-m|sglang.launch_server|--model-path|a b|--host|127.0.0.1|--port|8000|", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Word_KeepsATextTogether()
    {
        Assert.Equal("plain-1.5/x", ShellText.Word("plain-1.5/x"));
        Assert.Equal(@"'it'\''s $(x)'", ShellText.Word("it's $(x)"));
        Assert.Equal("''", ShellText.Word(""));
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Of_WritesKubernetesDocuments(string name)
    {
        ServingSetting setting = Cases[name];

        JsonNode[] documents = [.. Of(name).Single(snippet => snippet.Title == "Kubernetes").Text.Split("---\n")
            .Select(text => DocumentTree.Parse(text, "kubernetes.yaml").Root!)];

        JsonNode[] deployments = [.. documents.Where(document => (string)document["kind"]! == "Deployment")];
        Assert.Equal(setting.Replicas + setting.PrefillReplicas, deployments.Sum(one => (long)one["spec"]!["replicas"]!));
        Assert.All(deployments, deployment =>
        {
            JsonNode container = deployment["spec"]!["template"]!["spec"]!["containers"]![0]!;
            Assert.Equal(setting.GpusOfInstance, (long)container["resources"]!["limits"]!["nvidia.com/gpu"]!);
            Assert.Contains("$(MODEL)", container["args"]!.AsArray().Select(word => (string)word!));
            Assert.Matches("^[a-z][a-z0-9-]*[a-z0-9]$", (string)deployment["metadata"]!["name"]!);
        });
    }

    [Fact]
    public void Of_StartsNothing_WhenNoSettingIsRecommended() =>
        Assert.Empty(DeploymentCommands.Of(TestAdvice.Of(TestAdvice.Workload)));

    private static IReadOnlyList<DeploymentSnippet> Of(string name) =>
        DeploymentCommands.Of(TestAdvice.Of(TestAdvice.Workload, TestAdvice.Finalist(Cases[name], name)));

    private static async Task<(int Code, string Output)> BashAsync(string text, params string[] arguments)
    {
        ProcessStartInfo start = new("bash", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process bash = Process.Start(start)!;
        await bash.StandardInput.WriteAsync(text);
        bash.StandardInput.Close();
        string output = await bash.StandardOutput.ReadToEndAsync() + await bash.StandardError.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return (bash.ExitCode, output);
    }

    [GeneratedRegex("CUDA_VISIBLE_DEVICES=([0-9,]+)")]
    private static partial Regex Gpus();

    [GeneratedRegex("--port ([0-9]+)")]
    private static partial Regex Ports();

    [GeneratedRegex("--disaggregation-mode ([a-z]+)")]
    private static partial Regex Modes();

    [GeneratedRegex("(?<![A-Za-z-])--[a-z][a-z0-9_-]*")]
    private static partial Regex Options();
}
