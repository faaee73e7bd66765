using OrleansBackup.Vault;
using OrleansBackup.VaultReader;

// The reader of last resort: when nothing else of the service is left, this command, the store and the key give everything back.
using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stopping.Cancel();
};
try
{
    return (int)await Commands.RunAsync(CommandLine.Parse(args), StoreAccess.OfThisMachine, Console.Out, Console.OpenStandardOutput, stopping.Token);
}
catch (CommandException e)
{
    Console.Error.WriteLine(e.Message);
    return (int)e.Code;
}
catch (DamagedObjectException e)
{
    Console.Error.WriteLine($"{e.Message} 'vault verify' lists all damage; other points may be whole.");
    return (int)ExitCode.Damage;
}
catch (RestorePointNotFoundException e)
{
    Console.Error.WriteLine(e.Message);
    return (int)ExitCode.NotFound;
}
catch (Exception e) when (e is VaultException or Azure.Identity.AuthenticationFailedException or Amazon.Runtime.AmazonClientException or IOException or UnauthorizedAccessException or OperationCanceledException)
{
    Console.Error.WriteLine(e.Message);
    return (int)ExitCode.Refused;
}
