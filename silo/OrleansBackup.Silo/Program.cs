using OrleansBackup.Silo.Hosting;
using OrleansBackup.Silo.Startup;

return args is [RecoverCommand.Name, ..] ? await RecoverCommand.RunAsync(args[1..]) : await SiloHost.RunAsync(args);
