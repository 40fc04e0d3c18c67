#requires -Version 7.0
<#
.SYNOPSIS
    The suite's four everyday commands for PowerShell users.
.EXAMPLE
    ./run.ps1 reproduce                          Rebuild every figure, table and claim.
    ./run.ps1 test                               Run the tests.
    ./run.ps1 measure workloads/catalog/class-mm.workload.yaml --backend simulated --out runs/mm
    ./run.ps1 compare runs/before runs/after     Compare two sets of run records.
#>
[CmdletBinding(PositionalBinding = $false)]
param(
    [Parameter(Mandatory, Position = 0)]
    [ValidateSet('reproduce', 'test', 'measure', 'compare')]
    [string] $Command,

    [Parameter(Position = 1, ValueFromRemainingArguments)]
    [string[]] $Arguments = @(),

    # Print the commands instead of running them.
    [switch] $DryRun
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$tool = [System.IO.Path]::Combine($root, '.build', 'bin', 'GreenServe.Cli', 'release', 'greenserve.dll')

function Invoke-Dotnet([string[]] $Words) {
    if ($DryRun) {
        return 'dotnet ' + [string]::Join(' ', $Words)
    }

    & dotnet @Words
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

function Invoke-GreenServe([string[]] $Words) {
    if (-not [System.IO.File]::Exists($tool)) {
        Invoke-Dotnet @('build', [System.IO.Path]::Combine($root, 'benchmarks', 'GreenServe.Cli'))
    }

    Invoke-Dotnet (@($tool) + $Words)
}

switch ($Command) {
    'reproduce' { Invoke-Dotnet (@('build', [System.IO.Path]::Combine($root, 'paper-artifacts')) + $Arguments) }
    'test'      { Invoke-Dotnet (@('test', [System.IO.Path]::Combine($root, 'Benchmarks.sln')) + $Arguments) }
    'measure'   { Invoke-GreenServe (@('run') + $Arguments) }
    'compare'   { Invoke-GreenServe (@('compare') + $Arguments) }
}
