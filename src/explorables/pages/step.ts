import {mountAll} from "../frame/mount";
import {stepExplorable} from "../step";

mountAll(stepExplorable);
