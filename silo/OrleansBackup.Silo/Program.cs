return await OrleansBackup.Silo.Commands.ServerProgram.RunAsync(args);
